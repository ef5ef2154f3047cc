import JSON
import TestSupport

extension ScriptedHTTPConnection {
    /// Answers as a server of the legacy era that completes the handshake and offers nothing.
    func answerHandshake(_ request: ScriptedHTTPRequest) async throws {
        guard request.text.contains("\"initialize\"") else {
            return try await answer(request.method == "POST" ? 202 : 405)
        }
        let id = try JSONValue(parsing: request.body)["id"]?.description ?? "null"
        let result =
            #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"guarded","version":"1"}}"#
        try await answer(200, body: #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
    }
}

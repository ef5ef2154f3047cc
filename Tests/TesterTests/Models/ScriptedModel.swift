import JSON
import TestSupport
import Tester

/// A model that says what a test wants.
final class ScriptedModel: Sendable {
    static let key = "sk-very-secret"
    static let usual =
        #"{"model":"m-2026","choices":[{"index":0,"message":{"role":"assistant","content":"42"},"finish_reason":"stop"}]}"#

    let server: ScriptedHTTPServer
    let settings: ModelSettings

    /// Creates a model that answers everything so.
    convenience init(
        _ status: Int = 200,
        _ fields: [(name: String, value: String)] = [("Content-Type", "application/json")],
        body: String = usual,
        path: String = "/v1"
    ) throws {
        try self.init(path: path) { connection in
            while try await connection.readRequest() != nil {
                try await connection.answer(status, fields, body: body)
            }
        }
    }

    /// Creates a model that responds with a text.
    convenience init(saying text: String) throws {
        let message: JSONValue = ["role": "assistant", "content": .string(text)]
        let choice: JSONValue = ["message": message, "finish_reason": "stop"]
        try self.init(body: (["choices": [choice]] as JSONValue).description)
    }

    /// Creates a model that does with each connection what the script says.
    init(path: String = "/v1", _ script: @escaping ScriptedHTTPServer.Script) throws {
        server = try ScriptedHTTPServer(script)
        settings = ModelSettings(url: server.url(path), name: "m", key: Self.key)
    }
}

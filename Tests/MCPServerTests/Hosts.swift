import JSON
import JSONRPC
import MCP
import MCPServer
import TestSupport

extension ScriptedHost {
    /// Opens a conversation with a server.
    convenience init(_ server: Server, clock: FakeClock = FakeClock()) {
        self.init { ServerSession(server, scheduler: clock, host: $0) }
    }

    /// Opens a legacy session.
    @discardableResult
    func initialize(_ version: String = "2025-11-25", capabilities: JSONObject = [:]) async throws -> JSONValue {
        let params: JSONObject = [
            "protocolVersion": .string(version),
            "capabilities": .object(capabilities),
            "clientInfo": ["name": "test-host", "version": "1"],
        ]
        let answer = try await ask("initialize", params)
        notify("notifications/initialized")
        return answer
    }

    /// Sends a request in a revision, in a session if the revision has sessions.
    func ask(_ method: String, _ params: JSONObject = [:], in revision: Revision) async throws -> JSONValue {
        guard revision.era == .legacy else { return try await ask(method, .modern(params)) }
        try await initialize(revision.wireName)
        return try await ask(method, params)
    }
}

extension ScriptedHost {
    /// Responds to an input request with a `result` or `error` member.
    func answer(_ question: JSONValue, _ member: String) {
        send(text: #"{"jsonrpc":"2.0","id":\#(question["id"] ?? .null),\#(member)}"#)
    }
}

extension JSONObject {
    /// Parameters with the envelope of the stateless era.
    static func modern(
        _ params: JSONObject = [:],
        capabilities: JSONObject = [:],
        meta: JSONObject = [:]
    ) -> JSONObject {
        var envelope: JSONObject = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": .object(capabilities),
        ]
        envelope.members += meta.members
        var params = params
        params["_meta"] = .object(envelope)
        return params
    }
}

extension JSONValue {
    /// The code of an error response.
    var code: Int? { self["error"]?["code"]?.int }

    /// The message of an error response.
    var message: String { self["error"]?["message"]?.string ?? "" }

    /// The text of the first content block of a result.
    var text: String { self["result"]?["content"]?[0]?["text"]?.string ?? "" }
}

extension Server {
    /// A server with one tool of each kind that the tests need.
    static func sample() throws -> Server {
        var server = Server(info: Implementation(name: "sample", version: "1", title: "Sample"))
        let schema: JSONObject = [
            "type": "object",
            "properties": ["text": ["type": "string"], "count": ["type": "integer"]],
            "required": ["text"],
            "additionalProperties": false,
        ]
        try server.add(Tool(name: "say", description: "Says it.", inputSchema: schema)) { _, arguments in
            .complete(.text(arguments["text"]?.string ?? ""))
        }
        try server.add(Tool(name: "fail")) { _, _ in throw RPCError(code: 7, message: "seven") }
        try server.add(Tool(name: "break")) { _, _ in throw UnspeakableError() }
        return server
    }
}

/// An error with details that a host must not see.
private struct UnspeakableError: Error, CustomStringConvertible {
    let description = "cannot read /home/someone/secret"
}

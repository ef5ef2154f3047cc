import JSON
import Synchronization
import TestSupport
import Testing

/// A server like those that the conformance suite starts for its scenarios, and a runner for the client.
///
/// It answers DELETE with an empty response and GET with an empty stream.
final class SuiteServer: Sendable {
    /// A message that a client posted.
    struct Message: Sendable {
        let http: ScriptedHTTPRequest
        let json: JSONValue

        var method: String { json["method"]?.string ?? "" }
        /// The name of the tool that is called.
        var tool: String? { method == "tools/call" ? json["params"]?["name"]?.string : nil }
        var meta: JSONValue? { json["params"]?["_meta"] }
    }

    /// The reply to a message.
    enum Reply: Sendable {
        case result(JSONValue)
        case error(status: Int, JSONValue)
        /// A script; the connection stays in use after it.
        case script(ScriptedHTTPServer.Script)
    }

    private let server: ScriptedHTTPServer
    private let received: Received

    private final class Received: Sendable {
        let messages = Mutex<[Message]>([])
    }

    /// Creates a server; what the closure has nothing for is answered with an empty result.
    init(
        get: @escaping @Sendable (ScriptedHTTPRequest) -> ScriptedHTTPServer.Script = { _ in SuiteServer.silence },
        reply: @escaping @Sendable (Message) throws -> Reply?
    ) throws {
        let received = Received()
        self.received = received
        server = try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                switch request.method {
                case "POST":
                    let message = Message(http: request, json: try JSONValue(parsing: request.body))
                    received.messages.withLock { $0.append(message) }
                    try await Self.answer(message, try reply(message) ?? Self.usual(message), on: connection)
                case "GET": try await get(request)(connection)
                default: try await connection.answer(200)
                }
            }
        }
    }

    /// The messages so far.
    var messages: [Message] { received.messages.withLock { $0 } }

    /// The requests of any kind so far.
    var requests: [ScriptedHTTPRequest] { server.requests }

    /// Where it is.
    func url(_ path: String) -> String { server.url(path) }

    /// Starts the client as the suite does and waits for its end.
    func play(
        _ scenario: String,
        at revision: String,
        context: JSONValue? = nil,
        path: String = "/mcp"
    ) async throws -> Run {
        var environment = ["MCP_CONFORMANCE_SCENARIO": scenario, "MCP_CONFORMANCE_PROTOCOL_VERSION": revision]
        if let context { environment["MCP_CONFORMANCE_CONTEXT"] = context.description }
        // The suite says "localhost", and its servers listen at all addresses.
        let program = try await RunningProgram(
            [server.url(path)],
            environment: environment,
            executable: Product.neighbor("conformance-client")
        )
        // Its input stays open as long as it lives.
        let run = await program.ended()
        server.stop()
        return run
    }

    // MARK: - Answers

    /// A stream on which nothing comes.
    static let silence: ScriptedHTTPServer.Script = { connection in
        try await connection.beginEvents()
        try await connection.chunk("data: \n\n")
        await connection.untilClosed()
    }

    private static func usual(_ message: Message) -> Reply {
        var result: JSONObject = ["capabilities": ["tools": [:]], "serverInfo": ["name": "suite", "version": "1"]]
        switch message.method {
        case "server/discover": result["supportedVersions"] = ["2026-07-28"]
        case "initialize": result["protocolVersion"] = message.json["params"]?["protocolVersion"]
        default: result = [:]
        }
        return .result(.object(result))
    }

    private static func answer(_ message: Message, _ reply: Reply, on connection: ScriptedHTTPConnection) async throws {
        guard let id = message.json["id"] else { return try await connection.answer(202, []) }
        switch reply {
        case .result(let result):
            // What the stateless revisions want in results, and what does no harm to others.
            var full: JSONObject = ["resultType": "complete", "ttlMs": 0, "cacheScope": "private"]
            for member in result.object?.members ?? [] { full[member.key] = member.value }
            let body: JSONValue = ["jsonrpc": "2.0", "id": id, "result": .object(full)]
            try await connection.answer(200, body: body.description)
        case .error(let status, let error):
            let body: JSONValue = ["jsonrpc": "2.0", "id": id, "error": error]
            try await connection.answer(status, body: body.description)
        case .script(let script): try await script(connection)
        }
    }
}

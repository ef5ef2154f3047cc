import JSON
import MCP
import MCPHTTPServer
import MCPServer
import MCPTransport
import TestSupport
import Testing

/// A server on a port of this machine, for the duration of a test.
struct Serving: Sendable {
    let port: Int
    let clock: FakeClock

    /// Serves while the body runs, then stops the server and waits until it has stopped.
    static func run(
        _ server: Server,
        clock: FakeClock = FakeClock(),
        change: (inout HTTPServerOptions) -> Void = { _ in },
        _ body: (Serving) async throws -> Void
    ) async throws {
        try await run(server.conversations(scheduler: clock), clock: clock, change: change, body)
    }

    /// Serves conversations of the test's own.
    static func run(
        _ makeConversation: @escaping MakeConversation,
        clock: FakeClock = FakeClock(),
        change: (inout HTTPServerOptions) -> Void = { _ in },
        _ body: (Serving) async throws -> Void
    ) async throws {
        var options = HTTPServerOptions(port: 0)
        change(&options)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let transport = HTTPServerTransport(options, scheduler: clock) { continuation.yield($0.port) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await transport.serve(makeConversation)
            }
            for await port in ports {
                try await body(Serving(port: port, clock: clock))
                group.cancelAll()
                break
            }
            try await group.waitForAll()
        }
    }

    func connect() async throws -> RawConnection {
        try await RawConnection.open(port)
    }

    // MARK: - Requests as text

    /// An HTTP request.
    func http(
        _ method: String = "POST",
        _ path: String = "/mcp",
        fields: [String] = [],
        body: String? = nil,
        host: String? = nil
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host ?? "127.0.0.1:\(port)")"] + fields
        if let body {
            if !fields.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
                lines.append("Content-Type: application/json")
            }
            if !fields.contains(where: { $0.lowercased().hasPrefix("accept:") }) {
                lines.append("Accept: application/json, text/event-stream")
            }
            lines.append("Content-Length: \(body.utf8.count)")
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    /// A request of the stateless era, with the headers that it needs.
    func modern(
        _ method: String,
        _ params: JSONObject = [:],
        name: String? = nil,
        fields: [String] = [],
        id: Int = 1
    ) -> String {
        var head = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: \(method)"]
        if let name { head.append("Mcp-Name: \(name)") }
        return http(fields: head + fields, body: Self.body(method, .modern(params), id: id))
    }

    /// A request of the legacy era.
    func legacy(_ method: String, _ params: JSONObject? = nil, session: String?, fields: [String] = [], id: Int = 1)
        -> String
    {
        let head = session.map { ["Mcp-Session-Id: \($0)", "MCP-Protocol-Version: 2025-11-25"] } ?? []
        return http(fields: head + fields, body: Self.body(method, params, id: id))
    }

    static func body(_ method: String, _ params: JSONObject? = nil, id: Int = 1) -> String {
        var message: JSONObject = ["jsonrpc": "2.0", "id": JSONValue(id), "method": .string(method)]
        message["params"] = params.map(JSONValue.object)
        return "\(JSONValue.object(message))"
    }

    /// Sends one request on a connection of its own.
    func send(_ request: String) async throws -> RawResponse {
        let connection = try await connect()
        connection.send(request)
        let response = try await connection.response()
        try await connection.close()
        return response
    }

    /// Sends one request on a connection of its own, and checks the status of the response.
    func expect(_ status: Int, _ request: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let response = try await send(request)
        #expect(response.status == status, "\(response.text)", sourceLocation: sourceLocation)
    }

    /// Opens a session and returns its ID.
    func initialize(_ version: String = "2025-11-25", fields: [String] = []) async throws -> String {
        let params: JSONObject = [
            "protocolVersion": .string(version), "capabilities": [:], "clientInfo": ["name": "raw", "version": "1"],
        ]
        let response = try await send(legacy("initialize", params, session: nil, fields: fields))
        return response["mcp-session-id"] ?? ""
    }
}

extension JSONObject {
    /// Parameters with the envelope of the stateless era.
    static func modern(_ params: JSONObject = [:]) -> JSONObject {
        var params = params
        params["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": [:],
            "io.modelcontextprotocol/logLevel": "debug",
        ]
        return params
    }

    static func call(_ tool: String, _ arguments: JSONObject = [:]) -> JSONObject {
        ["name": .string(tool), "arguments": .object(arguments)]
    }
}

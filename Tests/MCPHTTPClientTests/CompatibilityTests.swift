import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// The transports over HTTP pass the one suite.
@Suite(.timeLimit(.minutes(5)))
struct CompatibilityTests {
    /// A server that greets by its own stream, and answers whatever is posted with the same.
    @Test(arguments: TransportCompatibility.allCases)
    func theTransportOverHTTPAndSSE(_ check: TransportCompatibility) async throws {
        let mailbox = Mailbox()
        let server = try ScriptedHTTPServer(
            answering { request, connection in
                guard request.method == "GET" else {
                    mailbox.put(request.body)
                    return try await connection.answer(202, [])
                }
                try await connection.beginEvents()
                try await connection.chunk("event: endpoint\ndata: /messages\n\n")
                try await connection.chunk("data: \(TransportCompatibility.greeting)\n\n")
                while true {
                    let frame = await mailbox.next()
                    try await connection.chunk("data: \(String(decoding: frame, as: UTF8.self))\n\n")
                }
            }
        )
        defer { server.stop() }
        let endpoint = HTTPEndpoint(url: server.url("/sse"), transport: .sse)
        try await check.run(HTTPClientTransport.make(endpoint, scheduler: FakeClock()))
        // Wakes the script, that it may find the connection closed.
        mailbox.put([])
    }

    /// A server that greets by its own stream once the handshake is over, and brings back by it whatever is posted.
    @Test(arguments: TransportCompatibility.allCases)
    func theTransportOverStreamableHTTP(_ check: TransportCompatibility) async throws {
        let mailbox = Mailbox()
        let server = try ScriptedHTTPServer(
            answering { request, connection in
                switch request.method {
                case "POST":
                    if !request.text.contains("notifications/initialized") { mailbox.put(request.body) }
                    try await connection.answer(202, [])
                case "GET":
                    try await connection.beginEvents()
                    try await connection.chunk("data: \(TransportCompatibility.greeting)\n\n")
                    while true {
                        let frame = await mailbox.next()
                        try await connection.chunk("data: \(String(decoding: frame, as: UTF8.self))\n\n")
                    }
                default: try await connection.answer(200, [])
                }
            }
        )
        defer { server.stop() }
        try await check.run(
            ShakenTransport(HTTPClientTransport(HTTPEndpoint(url: server.url()), scheduler: FakeClock()))
        )
        mailbox.put([])
    }
}

/// A transport that has the handshake behind it as soon as it is open, so that the server may speak.
private struct ShakenTransport: ClientTransport {
    private let base: HTTPClientTransport

    init(_ base: HTTPClientTransport) {
        self.base = base
    }

    var kind: TransportKind { base.kind }
    var executor: (any TaskExecutor)? { base.executor }

    func open(_ receiver: any ClientTransportReceiver) async throws {
        try await base.open(receiver)
        base.settled(on: .latestLegacy)
        try base.send(.notification(.initialized))
    }

    func send(_ frame: OutgoingFrame) throws { try base.send(frame) }
    func abandon(_ id: RequestID) -> Bool { base.abandon(id) }
    func close() async -> TransportEnd { await base.close() }
    func evidence() -> JSONObject { base.evidence() }
}

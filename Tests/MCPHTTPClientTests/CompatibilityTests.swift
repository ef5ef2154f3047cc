import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// The HTTP transports pass the suite that all transports share.
@Suite(.timeLimit(.minutes(5)))
struct CompatibilityTests {
    /// The server sends a greeting on the stream, and repeats on it whatever is posted.
    @Test(arguments: TransportCompatibility.allCases)
    func httpSSETransportPasses(_ check: TransportCompatibility) async throws {
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
        // Wakes the script, so that it notices the closed connection.
        mailbox.put([])
    }

    /// After the handshake, the server sends a greeting on the standalone stream, and repeats on it whatever is posted.
    @Test(arguments: TransportCompatibility.allCases)
    func streamableHTTPTransportPasses(_ check: TransportCompatibility) async throws {
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
            EstablishedTransport(HTTPClientTransport(HTTPEndpoint(url: server.url()), scheduler: FakeClock()))
        )
        mailbox.put([])
    }
}

/// A transport that completes the handshake when it is opened, so that the server can send.
private struct EstablishedTransport: ClientTransport {
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

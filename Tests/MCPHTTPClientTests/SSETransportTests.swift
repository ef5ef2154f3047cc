import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SSETransportTests {
    /// A server that names a URL for messages and responds on its stream.
    private static func server(endpoint: String, answer: Int = 202) throws -> (ScriptedHTTPServer, Gate) {
        let mailbox = Mailbox()
        let end = Gate()
        let server = try ScriptedHTTPServer(
            answering { request, connection in
                guard request.method == "GET" else {
                    mailbox.put(request.body)
                    return try await connection.answer(answer, [], body: answer == 202 ? "Accepted" : "no")
                }
                try await connection.beginEvents()
                try await connection.chunk("event: endpoint\ndata: \(endpoint)\n\n")
                _ = await mailbox.next()
                try await connection.chunk("event: message\r\ndata: \(result())\r\n\r\n")
                try await end.wait()
                try await connection.endChunks()
                connection.close()
            }
        )
        return (server, end)
    }

    @Test(arguments: ["/messages/?session_id=1", "messages/?session_id=1"])
    func messagesArePostedToTheNamedURLAndAnsweredOnTheStream(_ place: String) async throws {
        let (server, end) = try Self.server(endpoint: place)
        defer { server.stop() }
        let endpoint = HTTPEndpoint(url: server.url("/sse"), transport: .sse)
        let transport = HTTPClientTransport.make(endpoint, scheduler: FakeClock())
        #expect(transport.kind == .sse)
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(1, .initialize))
        #expect(await ledger.nextFrame() == result())
        #expect(server.requests.map(\.target) == ["/sse", "/messages/?session_id=1"])
        #expect(transport.evidence()["messages_url"]?.string?.hasSuffix("session_id=‹redacted:query›") == true)
        end.open()
        guard case .end(let ending) = await ledger.next() else { throw Unexpected(ledger) }
        #expect(ending.cause == .closedByServer)
        #expect(ending.reason.contains("after 2 events"))
        await transport.close()
    }

    @Test(arguments: [
        ("http://other.example/messages", "not within"), ("https://127.0.0.1/m", "not within"),
        ("file:/etc/passwd", "does not start with http"),
    ])
    func urlOfAnotherOriginIsRejected(_ place: String, _ says: String) async throws {
        let (server, _) = try Self.server(endpoint: place)
        defer { server.stop() }
        let transport = HTTPSSEClientTransport(HTTPEndpoint(url: server.url("/sse")), scheduler: FakeClock())
        await #expect { try await transport.open(Ledger()) } throws: { "\($0)".contains(says) }
        #expect(server.requests.count == 1)
    }

    @Test
    func rejectedPostFailsItsRequest() async throws {
        let (server, _) = try Self.server(endpoint: "/messages", answer: 400)
        defer { server.stop() }
        let transport = HTTPSSEClientTransport(HTTPEndpoint(url: server.url("/sse")), scheduler: FakeClock())
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.request(1, .initialize))
        #expect(await ledger.nextFailure().kind == .status)
        await transport.close()
    }

    @Test
    func unansweredNotificationDoesNotBlockTheNext() async throws {
        let server = try ScriptedHTTPServer(
            answering { request, connection in
                if request.method == "GET" {
                    try await connection.beginEvents()
                    try await connection.chunk("event: endpoint\ndata: /messages\n\n")
                    await connection.untilClosed()
                } else if request.text.contains("roots") {
                    await connection.untilClosed()
                } else {
                    try await connection.answer(202, [])
                }
            }
        )
        defer { server.stop() }
        let clock = FakeClock()
        let transport = HTTPSSEClientTransport(HTTPEndpoint(url: server.url("/sse")), scheduler: clock)
        let ledger = Ledger()
        try await transport.open(ledger)
        try transport.send(.notification(.rootsListChanged))
        try transport.send(.notification(.initialized))
        _ = await server.requests(2)
        await clock.untilPending(1)
        clock.advance(by: .seconds(5))
        #expect(await ledger.nextFault().contains("did not respond to the POST of notifications/roots/list_changed"))
        #expect(await server.requests(3)[2].text.contains("initialized"))
        await transport.close()
    }

    @Test(arguments: [(404, TransportFailure.Kind.status), (401, .unauthorized), (200, .content)])
    func openingFailsWithoutAStream(_ status: Int, _ kind: TransportFailure.Kind) async throws {
        let server = try ScriptedHTTPServer(
            answering { _, connection in
                try await connection.answer(status, [("Content-Type", "text/html")], body: "<p>")
            }
        )
        defer { server.stop() }
        let transport = HTTPSSEClientTransport(HTTPEndpoint(url: server.url("/sse")), scheduler: FakeClock())
        await #expect { try await transport.open(Ledger()) } throws: { ($0 as? TransportFailure)?.kind == kind }
    }

    @Test
    func streamThatNamesNoURLTimesOut() async throws {
        let server = try ScriptedHTTPServer(
            answering { _, connection in
                try await connection.beginEvents()
                await connection.untilClosed()
            }
        )
        defer { server.stop() }
        let clock = FakeClock()
        let transport = HTTPSSEClientTransport(HTTPEndpoint(url: server.url("/sse")), scheduler: clock)
        async let opened: Void = transport.open(Ledger())
        await clock.untilPending(1)
        clock.advance(by: .seconds(10))
        do {
            try await opened
            Issue.record("opening must fail")
        } catch let failure as TransportFailure {
            #expect(failure.message.contains("endpoint"))
        }
    }

    @Test
    func transportIsChosenByTheEndpoint() {
        let make = { HTTPClientTransport.make(HTTPEndpoint(url: "http://h/", transport: $0), scheduler: FakeClock()) }
        #expect(make(.auto).kind == .streamableHTTP)
        #expect(make(.auto).predecessor?.kind == .sse)
        #expect(make(.streamableHTTP).predecessor == nil)
        #expect(make(.sse).kind == .sse)
    }
}

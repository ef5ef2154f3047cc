import AsyncRuntime
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

/// A closed connection releases everything, although its owner still holds the transport.
@Suite(.timeLimit(.minutes(5)))
struct LifetimeTests {
    @Test(arguments: [Revision.latestLegacy, .latest])
    func closedStreamableConnectionIsReleased(_ revision: Revision) async throws {
        let script = answering { request, connection in
            guard request.method == "POST" else { return try await connection.answer(405, [], body: "") }
            guard String(decoding: request.body, as: UTF8.self).contains("\"id\"") else {
                return try await connection.answer(202, [], body: "")
            }
            try await connection.answer(200, [("Content-Type", "application/json")], body: result())
        }
        let server = try ScriptedHTTPServer(script)
        defer { server.stop() }
        let (owner, session) = (Gate(), Gate())
        do {
            let endpoint = HTTPEndpoint(url: server.url())
            let link = Link(HTTPClientTransport.make(endpoint, scheduler: Clock(session)), owner)
            try await link.transport.open(link)
            try link.transport.send(.request(1, .initialize))
            #expect(await link.ledger.nextFrame() == result())
            link.transport.settled(on: revision)
            try link.transport.send(.notification(.initialized))
            try link.transport.send(.request())
            #expect(await link.ledger.nextFrame() == result())
            await link.transport.close()
        }
        try await owner.wait()
        try await session.wait()
    }

    @Test(arguments: [true, false])
    func closedSSEConnectionIsReleased(_ byServer: Bool) async throws {
        let end = Gate()
        let script = answering { request, connection in
            guard request.method == "GET" else { return try await connection.answer(202, [], body: "") }
            try await connection.beginEvents()
            try await connection.chunk("event: endpoint\ndata: /messages\n\ndata: \(result())\n\n")
            try await end.wait()
            connection.close()
        }
        let server = try ScriptedHTTPServer(script)
        defer { server.stop() }
        let (owner, session) = (Gate(), Gate())
        do {
            let endpoint = HTTPEndpoint(url: server.url("/sse"), transport: .sse)
            let link = Link(HTTPClientTransport.make(endpoint, scheduler: Clock(session)), owner)
            try await link.transport.open(link)
            #expect(await link.ledger.nextFrame() == result())
            try link.transport.send(.request())
            if byServer {
                end.open()
                while true { if case .end = await link.ledger.next() { break } }
            }
            await link.transport.close()
        }
        end.open()
        try await owner.wait()
        try await session.wait()
    }
}

/// A receiver that holds its transport, as the link of a client does.
private final class Link: ClientTransportReceiver {
    let transport: any ClientTransport
    let ledger = Ledger()
    private let released: Gate

    init(_ transport: any ClientTransport, _ released: Gate) {
        self.transport = transport
        self.released = released
    }

    deinit {
        released.open()
    }

    func received(_ frame: Frame, for request: RequestID?) { ledger.received(frame, for: request) }
    func failed(_ id: RequestID, _ failure: TransportFailure) { ledger.failed(id, failure) }
    func noted(_ note: TransportNote) { ledger.noted(note) }
    func ended(_ end: TransportEnd) { ledger.ended(end) }
}

/// Everything within a transport holds its clock: once the clock is released, so is the rest.
private final class Clock: Scheduler {
    private let clock = FakeClock()
    private let released: Gate

    init(_ released: Gate) {
        self.released = released
    }

    deinit {
        released.open()
    }

    var now: ContinuousClock.Instant { clock.now }

    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> ScheduledAction {
        clock.schedule(at: deadline, action)
    }
}

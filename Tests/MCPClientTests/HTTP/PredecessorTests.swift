import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// HTTP+SSE is tried if Streamable HTTP is refused as by a server of the first revision.
@Suite(.timeLimit(.minutes(5)))
struct PredecessorTests {
    private func stream(_ opening: ScriptedExchanges.Opening = .ready) -> ScriptedExchanges {
        ScriptedExchanges(kind: .sse, opening: opening) { frame, _ in
            frame.head.method == .initialize ? .legacyGreeting("2024-11-05") : .silence
        }
    }

    @Test(arguments: [
        ScriptedExchanges.Response.failure(.status, status: 400), .failure(.status, status: 404),
        .failure(.status, status: 405), .error(-32601, status: 404), .error(-32600, status: 400),
    ])
    func aRefusedHandshakeLeadsToTheOlderTransport(_ refusal: ScriptedExchanges.Response) async throws {
        let older = stream()
        let exchanges = ScriptedExchanges(predecessor: older) { _, _ in refusal }
        let client = try await Client.connect(over: exchanges)
        #expect(client.link.transport.kind == .sse)
        #expect(client.revision == .v2024_11_05)
        #expect(exchanges.methods == ["server/discover", "initialize"])
        #expect(older.methods == ["initialize", "notifications/initialized"])
        #expect(exchanges.isClosed)
        #expect(client.verdict.steps.count == 4)
        #expect(client.verdict.reason.contains("HTTP+SSE"))
    }

    @Test(arguments: [
        ScriptedExchanges.Response.error(-32022, status: 400), .failure(.status, status: 500),
        .failure(.unauthorized, status: 401), .error(-32600),
    ])
    func otherFailuresDoNotLeadToTheOlderTransport(_ refusal: ScriptedExchanges.Response) async throws {
        let older = stream()
        let exchanges = ScriptedExchanges(predecessor: older) { _, _ in refusal }
        _ = try await #require(throws: ConnectFailure.self) { try await Client.connect(over: exchanges, era: .legacy) }
        #expect(older.methods == [])
    }

    @Test func theHandshakeErrorIsThrownIfTheOlderTransportFailsToo() async throws {
        let older = stream(.failure(.status))
        let exchanges = ScriptedExchanges(predecessor: older) { _, _ in .error(-32601, status: 404) }
        let failure = try await #require(throws: ConnectFailure.self) { try await Client.connect(over: exchanges) }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32601)
        #expect(failure.link?.transport.kind == .streamableHTTP)
        #expect(failure.steps.map(\.status) == [404, 404, nil])
        #expect(older.isClosed && exchanges.isClosed)
    }

    @Test func aStreamThatNeverOpensEndsWithTheLimitOfConnecting() async throws {
        let clock = FakeClock()
        let older = stream(.never)
        let connecting = Task { () throws(ConnectFailure) in try await Client.connect(over: older, clock: clock) }
        await clock.untilPending(1)
        clock.advance(by: .seconds(30))
        let failure = try await #require(throws: ConnectFailure.self) { try await connecting.value }
        guard case .timeout(.seconds(30)) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(older.isClosed)
    }

    @Test func connectingCanBeCancelledWhileAStreamOpens() async throws {
        let clock = FakeClock()
        let older = stream(.never)
        let connecting = Task { () throws(ConnectFailure) in try await Client.connect(over: older, clock: clock) }
        await clock.untilPending(1)
        connecting.cancel()
        let failure = try await #require(throws: ConnectFailure.self) { try await connecting.value }
        guard case .cancelled = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }

    @Test func aRequestedStreamIsNotProbed() async throws {
        let older = stream()
        let client = try await Client.connect(over: older)
        #expect(client.revision == .v2024_11_05)
        #expect(older.methods == ["initialize", "notifications/initialized"])
    }
}

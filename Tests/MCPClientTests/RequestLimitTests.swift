import JSON
import JSONRPC
import MCP
import MCPClient
import TestSupport
import Testing

/// The limits of requests, on a clock that the test moves.
@Suite(.timeLimit(.minutes(15)))
struct RequestLimitTests {
    private let clock = FakeClock()
    private let server = CannedServer { method, _ in
        switch method {
        case "tools/call": .silence
        case "ping": .result("{}")
        default: nil
        }
    }

    @Test func aRequestWithoutAResponseIsCancelledAtItsLimit() async throws {
        let client = try await connect()
        let pending = clock.pendingCount
        let call = Task { try await client.callTool("t", limits: CallLimits(request: .seconds(7))) }
        let id = try await nextCall()
        await clock.untilPending(pending + 1)
        clock.advance(by: .seconds(6))
        clock.advance(by: .seconds(1))
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.timeout(.request, after: .seconds(7))) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
        #expect(failure.elapsed == .seconds(7))
        let notification = try await server.inbox.nextJSON()
        #expect(notification["method"] == "notifications/cancelled")
        #expect(notification["params"]?["requestId"] == id)
        #expect(notification["id"] == nil)
    }

    @Test func theConnectionIsUsableAfterATimeout() async throws {
        let client = try await connect()
        let pending = clock.pendingCount
        let call = Task { try await client.callTool("t", limits: CallLimits(request: .seconds(1))) }
        _ = try await nextCall()
        await clock.untilPending(pending + 1)
        clock.advance(by: .seconds(1))
        _ = await #expect(throws: CallError.self) { try await call.value }
        #expect(try await client.ping().result.description == "{}")
    }

    @Test func progressResetsTheIdleLimit() async throws {
        let steps = Mailbox()
        let (client, call) = try await progressingCall(CallLimits(request: .seconds(60), idle: .seconds(10))) {
            steps.put(Array($0.bytes))
        }
        for _ in 1...5 {
            clock.advance(by: .seconds(9))
            _ = try await client.ping()
        }
        #expect(steps.frames.count == 5)
        clock.advance(by: .seconds(10))
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.timeout(.idle, after: .seconds(10))) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
        #expect(failure.elapsed == .seconds(55))
    }

    @Test func endlessProgressEndsAtTheLimitOfTheRequest() async throws {
        let (client, call) = try await progressingCall(CallLimits(request: .seconds(30), idle: .seconds(10))) { _ in }
        for _ in 1...4 {
            clock.advance(by: .seconds(8))
            _ = try await client.ping()
        }
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.timeout(.request, after: .seconds(30))) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
    }

    @Test func aListEndsAtTheTotalLimitAndKeepsItsPages() async throws {
        let clock = clock
        let server = CannedServer { method, message in
            guard method == "tools/list" else { return nil }
            // Each page takes four seconds.
            clock.advance(by: .seconds(4))
            let page = message["params"]?["cursor"]?.string ?? "0"
            return .result(#"{"tools":[{"name":"t\#(page)"}],"nextCursor":"\#(page)1"}"#)
        }
        let limits = ConnectionLimits(total: .seconds(10))
        let client = try await Client.connect(to: server, limits: limits, clock: clock)
        let listing = await client.list(.tools)
        guard case .timeout(.seconds(10))? = listing.shortfall else {
            return #expect(Bool(false), "\(String(describing: listing.shortfall))")
        }
        #expect(listing.items.count == 3)
        #expect(listing.elapsed == .seconds(12))
    }

    private func connect() async throws -> Client {
        try await Client.connect(to: server, clock: clock)
    }

    /// A call that is never answered, of which the server reports progress whenever it is pinged.
    private func progressingCall(
        _ limits: CallLimits,
        onProgress: @escaping ClientLink.ProgressHandler
    ) async throws -> (client: Client, call: Task<CallResult, any Error>) {
        let server = CannedServer { method, _ in
            switch method {
            case "tools/call": .silence
            case "ping":
                .frames([
                    #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1}}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{}}"#,
                ])
            default: nil
            }
        }
        let client = try await Client.connect(to: server, era: .legacy, clock: clock)
        let pending = clock.pendingCount
        let call = Task { try await client.callTool("t", limits: limits, onProgress: onProgress) }
        let sent = try await server.inbox.next("tools/call")
        #expect(sent["id"] == 2)
        #expect(sent["params"]?["_meta"]?["progressToken"] == 2)
        await clock.untilPending(pending + 1)
        return (client, call)
    }

    /// Waits until the server has got the call and tells its id.
    private func nextCall() async throws -> JSONValue {
        try #require(try await server.inbox.next("tools/call")["id"])
    }
}

import JSON
import MCPServer
import TestSupport
import Testing

@testable import MCPHTTPServer

@Suite("Memory of all buffers of a server", .timeLimit(.minutes(5)))
struct BufferBudgetTests {
    private func event(_ count: Int = 904) -> [UInt8] {
        Array(repeating: UInt8(ascii: "x"), count: count)
    }

    @Test("The oldest replay events of all sessions are dropped first")
    func oldestEvents() {
        let budget = BufferBudget(10_000)
        let (one, other) = (ReplayBuffer(limit: 100_000, budget: budget), ReplayBuffer(limit: 100_000, budget: budget))
        // Each event takes a little more than 1000 bytes.
        for _ in 0..<4 {
            _ = one.append(event(), to: ReplayBuffer.sessionStream)
            _ = other.append(event(), to: ReplayBuffer.sessionStream)
        }
        #expect(budget.reserve(4500))
        // The third event of each is the oldest that is kept.
        for buffer in [one, other] {
            guard case .lost = buffer.continuation(of: ReplayBuffer.sessionStream, after: 0) else {
                Issue.record("an old event is kept")
                continue
            }
            guard case .events(let events, _) = buffer.continuation(of: ReplayBuffer.sessionStream, after: 2) else {
                Issue.record("a new event is dropped")
                continue
            }
            #expect(events.count == 2)
        }
        #expect(budget.used <= 10_000)
    }

    @Test("Without replay events to drop, bytes beyond the budget are refused and no event is lost")
    func exhaustion() {
        let budget = BufferBudget(10_000)
        let replay = ReplayBuffer(limit: 100_000, budget: budget)
        #expect(budget.reserve(9000))
        _ = replay.append(event(100), to: ReplayBuffer.sessionStream)
        #expect(!budget.reserve(2000))
        guard case .events(let events, _) = replay.continuation(of: ReplayBuffer.sessionStream, after: 0) else {
            Issue.record("the event is dropped")
            return
        }
        #expect(events.count == 1)
        budget.release(9000)
        replay.removeAll()
        #expect(budget.used == 0)
    }

    @Test("When most of much memory is no longer used, it is given back to the system, once")
    func shrinking() {
        var calls = 0
        let much = BufferBudget.leastReturned
        let budget = BufferBudget(8 * much) { calls += 1 }
        #expect(budget.reserve(much / 2))
        budget.release(much / 2)
        #expect(calls == 0)
        #expect(budget.reserve(4 * much))
        budget.release(2 * much)
        #expect(calls == 0)
        budget.release(2 * much)
        #expect(calls == 1)
        let replay = ReplayBuffer(limit: 4 * much, budget: budget)
        _ = replay.append(event(2 * much), to: ReplayBuffer.sessionStream)
        replay.removeAll()
        #expect(calls == 2)
    }

    @Test("Closed sessions leave nothing in the budget")
    func closedSessions() {
        let budget = BufferBudget(1 << 20)
        for _ in 0..<100 {
            let replay = ReplayBuffer(limit: 10_000, budget: budget)
            for _ in 0..<5 { _ = replay.append(event(), to: ReplayBuffer.sessionStream) }
            replay.removeAll()
        }
        #expect(budget.used == 0)
    }

    @Test("A finished stream is forgotten with its last event, or at once if it had none")
    func finishedStreams() {
        let budget = BufferBudget(1 << 20)
        let replay = ReplayBuffer(limit: 2500, budget: budget)
        for _ in 0..<100 { replay.finish(replay.openStream()) }
        #expect(replay.streamCount == 1)
        for _ in 0..<100 { _ = replay.append(event(), to: replay.openStream(), isLast: true) }
        #expect(replay.streamCount == 3)
    }

    @Test("An unfinished body that no longer fits is refused, and its connection gives the memory back")
    func bodies() async throws {
        let change = { (options: inout HTTPServerOptions) in options.limits.bufferBytes = 100_000 }
        try await Serving.run(.sample(), change: change) { server in
            let text = String(repeating: "x", count: 90_000)
            let request = server.modern("tools/call", .call("say", ["text": .string(text)]), name: "say")
            let part = request.prefix(60_000)
            let connections = [try await server.connect(), try await server.connect()]
            for connection in connections { connection.send(String(part)) }
            // Whichever body arrives second is refused; the other one is served.
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for connection in connections { group.addTask { try await connection.response().status } }
                let first = try await group.next()
                for connection in connections { connection.send(String(request.dropFirst(60_000))) }
                return [first, try await group.next()]
            }
            #expect(statuses == [503, 200])
            for connection in connections { try await connection.close() }
            // Once the server notices that the connections are closed, there is room again.
            while try await server.send(request).status != 200 {}
        }
    }

    @Test("A request of a session counts until it has its response, although its client has left")
    func clientsThatLeave() async throws {
        let (gate, started) = (Gate(), Mailbox())
        let change = { (options: inout HTTPServerOptions) in
            options.limits.bufferBytes = 100_000
            options.limits.connections = 1
        }
        try await Serving.run(.sample(gate, started: started), change: change) { server in
            let connection = try await server.connect()
            connection.send(
                server.legacy("initialize", ["protocolVersion": "2025-11-25", "capabilities": [:]], session: nil)
            )
            let session = try #require(try await connection.response()["mcp-session-id"])
            let arguments: JSONObject = ["text": .string(String(repeating: "x", count: 60_000))]
            connection.send(server.legacy("tools/call", .call("wait", arguments), session: session, id: 2))
            _ = await started.next()
            try await connection.close()
            /// The status for another request of that size, as soon as the one connection that is allowed is closed.
            func status() async throws -> Int {
                while true {
                    do {
                        let request = server.legacy("tools/call", .call("say", arguments), session: session, id: 3)
                        return try await server.send(request).status
                    } catch is RawConnection.Closed {}
                }
            }
            #expect(try await status() == 503)
            gate.open()
            while try await status() != 200 {}
        }
    }

    @Test("A request counts from its head on")
    func requestQuota() async throws {
        try await Serving.run(.sample(), change: { $0.limits.requests = 1 }) { server in
            let connection = try await server.connect()
            let request = server.modern("tools/list", fields: ["Expect: 100-continue"])
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
            connection.send(parts[0] + "\r\n\r\n")
            #expect(try await connection.head().status == 100)
            let refused = try await server.send(server.modern("tools/list"))
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            connection.send(String(parts[1]))
            #expect(try await connection.response().status == 200)
            try await server.expect(200, server.modern("tools/list"))
        }
    }
}

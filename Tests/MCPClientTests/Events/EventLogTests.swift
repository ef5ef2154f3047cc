import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// What a server tells is one ordered, numbered stream, within a bound.
@Suite(.timeLimit(.minutes(5)))
struct EventLogTests {
    private func server(_ script: @escaping TalkingServer.Script = { _, _ in }) -> TalkingServer {
        TalkingServer(.v2025_11_25, script)
    }

    @Test func eventsAreKeptInOrderWithKindAndFrame() async throws {
        let server = server()
        let client = try await server.connect()
        let mark = client.link.events.count
        server.notify("notifications/message", #"{"level":"info","data":"a"}"#)
        server.notify("notifications/tools/list_changed")
        server.notify("notifications/resources/updated", #"{"uri":"memo://x"}"#)
        server.notify("notifications/tasks/status", #"{"taskId":"t","status":"working"}"#)
        server.notify("notifications/other", #"{"x":1}"#)
        server.say("noise")
        server.say(#"{"jsonrpc":"2.0","id":99,"result":{}}"#)
        let entries = client.link.events.since(mark).entries
        #expect(entries.map(\.kind) == [.log, .change, .change, .task, .note, .stray, .stray])
        #expect(entries.map(\.number) == Array(mark + 1...mark + 7))
        #expect(zip(entries, entries.dropFirst()).allSatisfy { ($0.frame ?? 0) < ($1.frame ?? 0) })
        guard case .change(.resourcesUpdated, let params) = entries[2].content else {
            return #expect(Bool(false), "\(entries[2])")
        }
        #expect(params?.description == #"{"uri":"memo://x"}"#)
        #expect(client.link.events.since(mark, kinds: [.change], limit: 1).omitted == 1)
        #expect(client.link.events.since(mark + 6).entries.count == 1)
        // The view that looks for faults numbers them alike.
        #expect(client.link.observations.since(mark + 5).map(\.number) == [mark + 6, mark + 7])
        #expect(client.link.observations.count == client.link.events.count)
    }

    @Test func tenThousandProgressNotificationsKeepTheirOrder() async throws {
        let server = server { server, message in
            guard let token = message["params"]?["_meta"]?["progressToken"] else { return }
            for step in 1...10_000 {
                server.notify("notifications/progress", #"{"progressToken":\#(token),"progress":\#(step)}"#)
            }
            server.answer(message, #"{"content":[]}"#)
        }
        let client = try await server.connect()
        let told = Notebook<Int64>()
        let result = try await client.callTool(
            "t",
            onProgress: { params in
                told.add(params["progress"]?.number?.int64 ?? 0)
            }
        )
        let excerpt = client.link.events.since(0, kinds: [.progress], exchanges: [result.id])
        let steps = excerpt.entries.map { entry -> Int64? in
            if case .progress(let params) = entry.content { params["progress"]?.number?.int64 } else { nil }
        }
        #expect(steps == (1...10_000).map(Int64.init))
        #expect(told.all == Array(1...10_000))
        #expect(excerpt.dropped == 0)
        #expect(client.faults.isEmpty)
    }

    @Test func theBoundHoldsAndDroppedEventsAreCounted() async throws {
        let server = server()
        let client = try await server.connect { $0.eventBounds = .init(entries: 100) }
        for step in 1...1000 { server.notify("notifications/message", #"{"level":"info","data":\#(step)}"#) }
        let events = client.link.events
        let excerpt = events.since(0)
        #expect(excerpt.entries.count == 100)
        #expect(excerpt.dropped == events.count - 100)
        #expect(events.dropped == excerpt.dropped)
        #expect(excerpt.entries.last?.number == events.count)
        #expect(events.since(events.count - 10).dropped == 0)
        #expect(events.since(events.count - 10).entries.count == 10)
        #expect(events.since(events.count).entries.isEmpty)
    }

    @Test func theBoundAlsoCountsBytes() async throws {
        let server = server()
        let client = try await server.connect { $0.eventBounds = .init(bytes: 10_000) }
        let text = String(repeating: "x", count: 2000)
        for _ in 1...20 { server.notify("notifications/message", #"{"level":"info","data":"\#(text)"}"#) }
        #expect((1...5).contains(client.link.events.since(0).entries.count))
    }

    @Test func framesAreEventsIfRequested() async throws {
        let server = server { server, message in server.answer(message, "{}") }
        let client = try await server.connect { $0.eventBounds.includesFrames = true }
        let result = try await client.ping()
        let frames = client.link.events.since(0, kinds: [.frame]).entries
        #expect(frames.count == client.link.transcript.count)
        let own = client.link.events.since(0, kinds: [.frame], exchanges: [result.id]).entries
        guard case .frame(.sent, let bytes)? = own.first?.content else { return #expect(Bool(false), "\(own)") }
        #expect(String(decoding: bytes, as: UTF8.self).contains("ping"))
    }

    @Test func theCallbackGetsEachEvent() async throws {
        let told = Notebook<Int>()
        let server = server()
        let client = try await server.connect {
            $0.onEvent = { entry in told.add(entry.number) }
        }
        server.notify("notifications/tools/list_changed")
        #expect(told.all.last == client.link.events.count)
    }

    @Test(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"))
    func theServersStandardErrorIsAmongTheEvents() async throws {
        let client = try await Client.connect(to: FaultyServer("die-mid-call"), era: .legacy)
        _ = await #expect(throws: CallError.self) { try await client.callTool("t") }
        _ = await client.link.ended()
        let lines = client.link.events.since(0, kinds: [.stderr]).entries.map { entry in
            if case .standardError(let line) = entry.content { String(decoding: line, as: UTF8.self) } else { "" }
        }
        #expect(lines.first == "Traceback (most recent call last):", "\(lines)")
        #expect(client.faults.isEmpty)
    }

    // MARK: - Progress and logs that should not have come

    @Test func progressThatDoesNotIncreaseIsAFault() async throws {
        let server = server { server, message in
            guard let token = message["params"]?["_meta"]?["progressToken"] else { return }
            for step in ["1", "3", "2.5", "2.5"] {
                server.notify("notifications/progress", #"{"progressToken":\#(token),"progress":\#(step)}"#)
            }
            server.answer(message, #"{"content":[]}"#)
        }
        let client = try await server.connect()
        _ = try await client.callTool("t")
        #expect(client.faults.count == 2)
        #expect(client.faults.allSatisfy { $0.contains("must increase") }, "\(client.faults)")
    }

    @Test func progressForAnUnknownTokenIsAFault() async throws {
        let server = server()
        let client = try await server.connect()
        server.notify("notifications/progress", #"{"progressToken":"nobody","progress":1}"#)
        #expect(client.faults == ["a progress notification has the token \"nobody\", which no waiting request has"])
    }

    @Test func progressAfterTheResponseIsAFaultButNotAfterACancellation() async throws {
        let server = server { server, message in
            guard message["params"]?["name"] == "t" else { return }
            server.answer(message, #"{"content":[]}"#)
        }
        let client = try await server.connect()
        let id = try await client.callTool("t").id
        server.notify("notifications/progress", #"{"progressToken":\#(id),"progress":1}"#)
        #expect(client.faults.count == 1)
        let call = Task { try await client.callTool("silent") }
        var sent: JSONValue = nil
        repeat { sent = try await server.inbox.next("tools/call") } while sent["params"]?["name"] != "silent"
        call.cancel()
        let failure = try await #require(throws: CallError.self) { try await call.value }
        server.notify("notifications/progress", #"{"progressToken":\#(failure.id),"progress":1}"#)
        #expect(client.faults.count == 1)
    }

    @Test func aProgressTokenOfTheUserWorks() async throws {
        let server = server { server, message in
            guard message["id"] != nil else { return }
            server.notify("notifications/progress", #"{"progressToken":"mine","progress":1}"#)
            server.answer(message, #"{"content":[]}"#)
        }
        let client = try await server.connect()
        let result = try await client.callTool("t", meta: ["progressToken": "mine"])
        #expect(client.faults.isEmpty)
        #expect(client.link.events.since(0, kinds: [.progress]).entries.map(\.exchange) == [result.id])
        let raw = #"{"jsonrpc":"2.0","id":50,"method":"tools/call","params":{"_meta":{"progressToken":"mine"}}}"#
        _ = try await client.send(raw: Array(raw.utf8))
        #expect(client.faults.isEmpty)
    }

    @Test func aModernServerMustLogOnlyOnRequestAndAtTheRequestedLevel() async throws {
        let server = TalkingServer(.latest) { server, message in
            server.notify("notifications/message", #"{"level":"info","data":"x"}"#)
            server.answer(message, #"{"resultType":"complete","content":[]}"#)
        }
        let client = try await server.connect()
        _ = try await client.callTool("t")
        #expect(client.faults.count == 1)
        try await client.setLogLevel(.info)
        #expect(try server.requests("logging/setLevel").isEmpty)
        _ = try await client.callTool("t")
        let meta = try server.requests("tools/call").map { $0["params"]?["_meta"]?["io.modelcontextprotocol/logLevel"] }
        #expect(meta == [nil, "info"])
        #expect(client.faults.count == 1)
    }

    @Test func aLegacyServerChoosesTheLevelUntilOneIsSet() async throws {
        let server = server { server, message in server.answer(message, "{}") }
        let client = try await server.connect()
        server.notify("notifications/message", #"{"level":"debug","data":"x"}"#)
        #expect(client.faults.isEmpty)
        #expect(try await client.setLogLevel(.error) != nil)
        server.notify("notifications/message", #"{"level":"error","data":"x"}"#)
        #expect(client.faults.isEmpty)
        server.notify("notifications/message", #"{"level":"debug","data":"x"}"#)
        server.notify("notifications/message", #"{"level":"loud","data":"x"}"#)
        #expect(client.faults.count == 2, "\(client.faults)")
    }
}

import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// Notifications of changes.
@Suite(.timeLimit(.minutes(5)))
struct SubscriptionTests {
    private static let tag = "io.modelcontextprotocol/subscriptionId"
    private let bus = ChangeBus(Set(Change.Kind.allCases))

    // MARK: - Capabilities

    @Test func aServerDeclaresTheChangesThatItsBusAnnounces() async throws {
        let all = try await ScriptedHost(try server(bus)).ask("server/discover", .modern())["result"]?["capabilities"]
        #expect(all?["tools"] == ["listChanged": true])
        #expect(all?["prompts"] == ["listChanged": true])
        #expect(all?["resources"] == ["listChanged": true, "subscribe": true])
        let some = ScriptedHost(try server(ChangeBus([.tools])))
        let legacy = try await some.initialize()["result"]?["capabilities"]
        #expect(legacy?["tools"] == ["listChanged": true])
        #expect(legacy?["prompts"] == [:])
        #expect(legacy?["resources"] == [:])
        #expect(try await some.ask("resources/subscribe", ["uri": "test://a"]).code == -32601)
    }

    @Test func withoutABusSubscriptionsAreNotOffered() async throws {
        let host = ScriptedHost(try server(nil))
        #expect(try await host.ask("subscriptions/listen", .modern(["notifications": [:]])).code == -32601)
    }

    // MARK: - Modern

    @Test func theFirstMessageIsTheAcceptedFilter() async throws {
        let host = ScriptedHost(try server(ChangeBus([.tools, .content])))
        listen(
            host,
            [
                "toolsListChanged": true, "promptsListChanged": true, "resourcesListChanged": false,
                "resourceSubscriptions": ["test://a", "test://none", "test://t/1"], "taskIds": ["x"],
            ],
            id: "listen-1"
        )
        let first = try await host.inbox.nextJSON()
        #expect(first["method"] == "notifications/subscriptions/acknowledged")
        #expect(first["params"]?["_meta"]?.object?[Self.tag] == "listen-1")
        #expect(
            first["params"]?["notifications"]
                == ["toolsListChanged": true, "resourceSubscriptions": ["test://a", "test://t/1"]]
        )
    }

    @Test func changesThatPassTheFilterArriveTaggedAndInOrder() async throws {
        let host = ScriptedHost(try server(bus))
        listen(host, ["toolsListChanged": true, "resourceSubscriptions": ["test://a"]], id: 7)
        for change in [.prompts, .tools, .content(uri: "test://b"), .resources, .content(uri: "test://a"), .tools]
            as [Change]
        {
            bus.announce(change)
        }
        let messages = try host.inbox.allJSON().dropFirst()
        #expect(
            messages.compactMap { $0["method"]?.string } == [
                "notifications/tools/list_changed", "notifications/resources/updated",
                "notifications/tools/list_changed",
            ]
        )
        #expect(messages.allSatisfy { $0["params"]?["_meta"]?.object?[Self.tag] == 7 })
        #expect(messages.dropFirst().first?["params"]?["uri"] == "test://a")
    }

    @Test func anInvalidTaskParameterIsRefused() async throws {
        let host = ScriptedHost(try server(bus))
        for params in [[:], ["notifications": true]] as [JSONObject] {
            #expect(try await host.ask("subscriptions/listen", .modern(params)).code == -32602)
        }
    }

    @Test func aHostThatCancelsReceivesNothingMore() async throws {
        let host = ScriptedHost(try server(bus))
        listen(host, ["toolsListChanged": true], id: 1)
        host.notify("notifications/cancelled", ["requestId": 1])
        bus.announce(.tools)
        _ = try await host.ask("server/discover", .modern(), id: 2)
        #expect(host.inbox.frames.count == 2)
    }

    @Test(arguments: [true, false])
    func theEndOfTheConversationCompletesTheSubscription(isCancelled: Bool) async throws {
        let host = ScriptedHost(try server(bus))
        listen(host, ["toolsListChanged": true], id: "l")
        if isCancelled { await host.conversation.cancel() } else { await host.conversation.finish() }
        bus.announce(.tools)
        let messages = try host.inbox.allJSON()
        try #require(messages.count == 3)
        #expect(messages[1]["id"] == "l")
        #expect(messages[1]["result"]?["resultType"] == "complete")
        #expect(messages[1]["result"]?["_meta"]?.object?[Self.tag] == "l")
        #expect(messages[2]["method"] == "notifications/cancelled")
        #expect(messages[2]["params"]?["requestId"] == "l")
    }

    @Test func aSubscriptionWithItsOwnStreamEndsWithItsResponseAlone() async throws {
        let sent = Mutex<[ServerSending]>([])
        let conversation = try server(bus).conversations(scheduler: FakeClock())(HostLink(span: .request) { _ in })
        let params: JSONObject = .modern(["notifications": ["toolsListChanged": true]])
        let frame = Message.encode(id: 1, method: "subscriptions/listen", params: JSONText(.object(params)))
        conversation.received(Frame(received: frame)) { sending in sent.withLock { $0.append(sending) } }
        await conversation.cancel()
        #expect(sent.withLock { $0.count } == 2)
        guard case .answer(_, code: nil)? = sent.withLock({ $0.last }) else {
            Issue.record("the last was no answer")
            return
        }
    }

    @Test func aStuckReaderQueuesOnlyTheLatestEventPerObjectAndDelaysNoOther() async throws {
        let conversations = try server(bus).conversations(scheduler: FakeClock())
        let stuck = Mailbox()
        let slow = conversations(
            HostLink { [bus] sending in
                guard let bytes = sending.bytes else { return }
                stuck.put(bytes)
                // While this host receives its first change, a thousand more happen.
                if stuck.frames.count == 2 { for _ in 0..<1000 { bus.announce(.tools) } }
            }
        )
        let quick = ScriptedHost(conversations)
        listen(quick, ["toolsListChanged": true], id: 1)
        let params: JSONObject = .modern(["notifications": ["toolsListChanged": true]])
        slow.received(Message.encode(id: 1, method: "subscriptions/listen", params: JSONText(.object(params))))
        bus.announce(.tools)
        #expect(quick.inbox.frames.count == 1002)
        #expect(stuck.frames.count == 3)
    }

    @Test func aThousandSubscriptionsAreAllNotified() async throws {
        let conversations = try server(bus).conversations(scheduler: FakeClock())
        let hosts = (0..<1000).map { _ in ScriptedHost(conversations) }
        for host in hosts { listen(host, ["promptsListChanged": true], id: 1) }
        bus.announce(.prompts)
        #expect(hosts.allSatisfy { $0.inbox.frames.count == 2 })
        for host in hosts { await host.conversation.cancel() }
        bus.announce(.prompts)
        #expect(hosts.allSatisfy { $0.inbox.frames.count == 4 })
    }

    // MARK: - Legacy

    @Test(arguments: Revision.allCases.filter { $0.era == .legacy })
    func aLegacySessionIsNotifiedOfListChanges(revision: Revision) async throws {
        let host = ScriptedHost(try server(bus))
        bus.announce(.tools)
        try await host.initialize(revision.wireName)
        for change in [.tools, .prompts, .resources] as [Change] { bus.announce(change) }
        let messages = try host.inbox.allJSON().dropFirst()
        #expect(
            messages.compactMap { $0["method"]?.string } == [
                "notifications/tools/list_changed", "notifications/prompts/list_changed",
                "notifications/resources/list_changed",
            ]
        )
        #expect(messages.allSatisfy { $0["params"] == nil })
        await host.conversation.finish()
        bus.announce(.tools)
        #expect(host.inbox.frames.count == 4)
    }

    @Test func aLegacySessionIsNotifiedOfResourcesThatItSubscribedTo() async throws {
        let host = ScriptedHost(try server(bus))
        try await host.initialize()
        #expect(try await host.ask("resources/subscribe", ["uri": "test://a"])["result"] == [:])
        #expect(try await host.ask("resources/subscribe", ["uri": "test://t/9"])["result"] == [:])
        #expect(try await host.ask("resources/subscribe", ["uri": "test://none"]).code == -32002)
        #expect(try await host.ask("resources/subscribe").code == -32602)
        bus.announce(.content(uri: "test://b"))
        bus.announce(.content(uri: "test://a"))
        let told = try await host.inbox.next("notifications/resources/updated")
        #expect(told["params"] == ["uri": "test://a"])
        #expect(try await host.ask("resources/unsubscribe", ["uri": "test://a"])["result"] == [:])
        #expect(try await host.ask("resources/unsubscribe", ["uri": "test://never"])["result"] == [:])
        let before = host.inbox.frames.count
        bus.announce(.content(uri: "test://a"))
        #expect(host.inbox.frames.count == before)
    }

    @Test func changesAreSentOnTheSessionsStreamAndNotOnThatOfARequest() async throws {
        let own = Mailbox()
        let conversation = try server(bus).conversations(scheduler: FakeClock())(.frames { own.put($0) })
        let answers = Mailbox()
        let params: JSONObject = ["protocolVersion": "2025-11-25", "capabilities": [:]]
        let frame = Message.encode(id: 1, method: "initialize", params: JSONText(.object(params)))
        conversation.received(Frame(received: frame)) { sending in if let bytes = sending.bytes { answers.put(bytes) } }
        bus.announce(.tools)
        #expect(answers.frames.count == 1)
        #expect(own.frames.count == 1)
    }

    // MARK: - Parts

    private func server(_ bus: ChangeBus?) throws -> Server {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.changes = bus
        try server.add(Tool(name: "t")) { _, _ in .complete(.text("")) }
        server.add(Prompt(name: "p")) { _, _ in .complete(GetPromptResult(messages: [])) }
        for uri in ["test://a", "test://b"] {
            server.add(Resource(uri: uri, name: uri)) { _, _ in .complete([]) }
        }
        try server.add(ResourceTemplate(uriTemplate: "test://t/{n}", name: "t")) { _, _ in .complete([]) }
        return server
    }

    private func listen(_ host: ScriptedHost, _ filter: JSONValue, id: RequestID) {
        host.request("subscriptions/listen", .modern(["notifications": filter]), id: id)
    }
}

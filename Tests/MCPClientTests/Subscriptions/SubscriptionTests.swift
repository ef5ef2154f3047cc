import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import TestSupport
import Testing

/// Subscriptions of both eras: requests in the legacy era, streams in the modern one.
///
/// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Resources".
@Suite(.timeLimit(.minutes(5)))
struct SubscriptionTests {
    private static let key = #""io.modelcontextprotocol/subscriptionId""#

    /// A modern server that acknowledges what is requested, or this.
    private func server(clock: FakeClock = FakeClock(), accepting accepted: String? = nil) -> TalkingServer {
        TalkingServer(.latest, clock: clock) { server, message in
            guard message["method"] == "subscriptions/listen", let id = message["id"] else { return }
            let filter = accepted ?? message["params"]?["notifications"]?.description ?? "{}"
            server.notify(
                "notifications/subscriptions/acknowledged",
                #"{"_meta":{\#(Self.key):\#(id)},"notifications":\#(filter)}"#
            )
        }
    }

    private func filter(tools: Bool = true, resources: [String]? = nil) -> SubscriptionFilter {
        var filter = SubscriptionFilter()
        if tools { filter.toolsListChanged = true }
        filter.resourceSubscriptions = resources
        return filter
    }

    @Test func aSubscriptionIsOpenAfterTheAcknowledgement() async throws {
        let server = server(accepting: #"{"toolsListChanged":true}"#)
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter(resources: ["memo://x"]))
        #expect(subscription.id == "listen-1")
        #expect(subscription.accepted?.json == ["toolsListChanged": true])
        guard case .active = subscription.status else { return #expect(Bool(false), "\(subscription.status)") }
        let sent = try #require(try server.requests("subscriptions/listen").first)
        #expect(sent["id"] == "listen-1")
        #expect(sent["params"]?["notifications"] == ["toolsListChanged": true, "resourceSubscriptions": ["memo://x"]])
        #expect(sent["params"]?["_meta"]?["progressToken"] == nil)
        #expect(client.faults.isEmpty, "to honour less is no fault")
    }

    @Test func notificationsBelongToTheirSubscription() async throws {
        let server = server()
        let client = try await server.connect()
        let first = try await client.subscribe(filter())
        let second = try await client.subscribe(filter(tools: false, resources: ["memo://x"]))
        server.notify("notifications/resources/updated", #"{"_meta":{\#(Self.key):"listen-2"},"uri":"memo://x"}"#)
        server.notify("notifications/tools/list_changed", #"{"_meta":{\#(Self.key):"listen-1"}}"#)
        let ids = [first, second].map { Set([$0.id].compactMap(\.self)) }
        let told = ids.map { client.link.events.since(0, kinds: [.change], exchanges: $0).entries }
        #expect(told.map(\.count) == [1, 1])
        guard case .change(.toolsListChanged, _)? = told[0].first?.content,
            case .change(.resourcesUpdated, _)? = told[1].first?.content
        else { return #expect(Bool(false), "\(told)") }
        #expect(client.faults.isEmpty)
    }

    @Test func endingASubscriptionCancelsItsRequest() async throws {
        let server = server()
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter())
        try await client.unsubscribe(subscription)
        guard case .ended(.byUs) = subscription.status else { return #expect(Bool(false), "\(subscription.status)") }
        let cancelled = try server.requests("notifications/cancelled")
        #expect(cancelled.map { $0["params"]?["requestId"] } == ["listen-1"])
        // What was under way is no fault.
        server.notify("notifications/tools/list_changed", #"{"_meta":{\#(Self.key):"listen-1"}}"#)
        #expect(client.faults.isEmpty)
    }

    @Test func theServerCanEndASubscriptionByItsResult() async throws {
        let server = server()
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter())
        server.say(
            #"{"jsonrpc":"2.0","id":"listen-1","result":{"resultType":"complete","_meta":{\#(Self.key):"listen-1"}}}"#
        )
        await subscription.untilEnded()
        guard case .ended(.byServer) = subscription.status else {
            return #expect(Bool(false), "\(subscription.status)")
        }
        #expect(try server.requests("subscriptions/listen").count == 1)
        #expect(client.faults.isEmpty)
    }

    @Test func theServerCanEndASubscriptionByACancellation() async throws {
        let server = server()
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter())
        server.notify("notifications/cancelled", #"{"requestId":"listen-1"}"#)
        await subscription.untilEnded()
        guard case .ended(.byServer) = subscription.status else {
            return #expect(Bool(false), "\(subscription.status)")
        }
        #expect(try server.requests("subscriptions/listen").count == 1)
        #expect(client.faults.isEmpty)
    }

    @Test func aBrokenSubscriptionIsReopenedAfterAGrowingPause() async throws {
        let clock = FakeClock()
        let server = server(clock: clock)
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter())
        for (round, milliseconds) in [(2, 250), (3, 250)] {
            let pending = clock.pendingCount
            client.link.failed(.string("listen-\(round - 1)"), TransportFailure(.broken, "the stream broke"))
            await clock.untilPending(pending + 1)
            clock.advance(by: .milliseconds(milliseconds))
            var sent: JSONValue = nil
            while sent["id"] != .string("listen-\(round)") {
                sent = try await server.inbox.next("subscriptions/listen")
            }
        }
        #expect(subscription.id == "listen-3")
        let notes = client.link.events.since(0, kinds: [.note]).entries.filter { entry in
            if case .note(let text) = entry.content { text.contains("is reopened") } else { false }
        }
        #expect(notes.count == 2)
        #expect(client.faults.isEmpty)
    }

    @Test func aRefusedSubscriptionThrows() async throws {
        let server = TalkingServer(.latest) { server, message in
            server.refuse(message, #"{"code":-32601,"message":"no"}"#)
        }
        let client = try await server.connect()
        let failure = try await #require(throws: CallError.self) { _ = try await client.subscribe(filter()) }
        guard case .rejected(let error) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(error.code == -32601)
    }

    @Test func aSubscriptionWithoutAcknowledgementFailsAtTheLimit() async throws {
        let server = TalkingServer(.latest) { _, _ in }
        let client = try await server.connect()
        let clock = server.clock
        let call = Task { try await client.subscribe(filter(), limits: CallLimits(request: .seconds(5))) }
        _ = try await server.inbox.next("subscriptions/listen")
        while clock.pendingCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(5))
        let failure = try await #require(throws: CallError.self) { _ = try await call.value }
        guard case .failed(.timeout(.request, _)) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        _ = try await server.inbox.next("notifications/cancelled")
    }

    @Test func theEndOfTheConnectionEndsTheSubscription() async throws {
        let client = try await server().connect()
        let subscription = try await client.subscribe(filter())
        await client.close()
        await subscription.untilEnded()
        guard case .ended(.failed) = subscription.status else { return #expect(Bool(false), "\(subscription.status)") }
    }

    // MARK: - Faults

    @Test func anUnrequestedNotificationIsAFault() async throws {
        let server = server(accepting: #"{"toolsListChanged":true,"promptsListChanged":true}"#)
        let client = try await server.connect()
        _ = try await client.subscribe(filter())
        #expect(client.faults.count == 1)
        #expect(client.faults.last?.contains("promptsListChanged, which was not requested") ?? false)
        server.notify("notifications/prompts/list_changed", #"{"_meta":{\#(Self.key):"listen-1"}}"#)
        #expect(client.faults.last?.contains("was not requested") ?? false)
        server.notify("notifications/tools/list_changed")
        #expect(client.faults.last?.contains("names no subscription") ?? false)
        server.notify("notifications/tools/list_changed", #"{"_meta":{\#(Self.key):"listen-9"}}"#)
        #expect(client.faults.last?.contains("does not exist") ?? false)
        #expect(client.faults.count == 4)
    }

    @Test func aChangeBeforeTheAcknowledgementIsAFault() async throws {
        let server = TalkingServer(.latest) { server, message in
            guard let id = message["id"] else { return }
            server.notify("notifications/tools/list_changed", #"{"_meta":{\#(Self.key):\#(id)}}"#)
            let ack = #"{"_meta":{\#(Self.key):\#(id)},"notifications":{"toolsListChanged":true}}"#
            server.notify("notifications/subscriptions/acknowledged", ack)
        }
        let client = try await server.connect()
        _ = try await client.subscribe(filter())
        #expect(client.faults.count == 1)
        #expect(client.faults.first?.contains("before the acknowledgement") ?? false)
    }

    // MARK: - Legacy

    @Test func theLegacyEraSendsARequestForEachResource() async throws {
        let server = TalkingServer(
            .v2025_11_25,
            capabilities: #"{"resources":{"subscribe":true},"tools":{"listChanged":true}}"#
        ) { server, message in
            server.answer(message, "{}")
        }
        let client = try await server.connect()
        let subscription = try await client.subscribe(filter(resources: ["memo://a", "memo://b"]))
        #expect(subscription.accepted?.toolsListChanged == true)
        #expect(try server.requests("resources/subscribe").map { $0["params"]?["uri"] } == ["memo://a", "memo://b"])
        server.notify("notifications/resources/updated", #"{"uri":"memo://a"}"#)
        #expect(client.link.events.since(0, kinds: [.change]).entries.count == 1)
        try await client.unsubscribe(subscription)
        #expect(try server.requests("resources/unsubscribe").map { $0["params"]?["uri"] } == ["memo://a", "memo://b"])
        try await client.unsubscribe(subscription)
        #expect(try server.requests("resources/unsubscribe").count == 2)
        #expect(client.faults.isEmpty)
    }
}

extension Subscription {
    /// Waits until it has ended.
    func untilEnded() async {
        while true {
            if case .ended = status { return }
            await Task.yield()
        }
    }
}

import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Tester
import Testing

/// Changes of what a target has: told in the next answer, with the difference where there is something to compare.
@Suite(.timeLimit(.minutes(15)))
struct ChangeTests {
    /// A server whose tools are others after its first call.
    private func changingServer() -> CannedServer {
        let hasChanged = Mutex(false)
        return CannedServer { method, _ in
            switch method {
            case "tools/list":
                hasChanged.withLock { $0 }
                    ? .result(
                        #"{"tools":[{"name":"b","description":"new","inputSchema":{}},{"name":"c","inputSchema":{}}]}"#
                    )
                    : .result(#"{"tools":[{"name":"a","inputSchema":{}},{"name":"b","inputSchema":{}}]}"#)
            case "tools/call":
                {
                    hasChanged.withLock { $0 = true }
                    return .frames([
                        #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
                        #"{"jsonrpc":"2.0","id":<id>,"result":{"content":[{"type":"text","text":"ok"}]}}"#,
                    ])
                }()
            default: nil
            }
        }
    }

    @Test func aChangeOfAListIsToldInTheNextAnswerWithItsDifference() async throws {
        let server = changingServer()
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let called = await session.callTool("a")
        #expect(called.json["lists_changed"] == ["tools"], "\(called.json)")
        let difference: JSONValue = ["added": ["c"], "removed": ["a"], "changed": ["b"]]
        #expect(called.json["difference"]?["tools"] == difference)
        let words = "changed: the list of tools (listed again: 1 added, 1 removed, 1 changed)"
        #expect(called.verdict.contains(words), "\(called.verdict)")
        #expect(called.json["events"]?[0]?["method"] == "notifications/tools/list_changed")
        #expect(called.json["success"] == true)
        // What is known of the tools is what was listed again, and it was told: the listing has nothing new.
        #expect(try server.methods().count { $0 == "tools/list" } == 2)
        #expect(await session.listTools().json["difference"] == nil)
        await session.close()
    }

    @Test func aListThatWasNeverListedIsNotAskedForWhenItChanges() async throws {
        let server = changingServer()
        let session = try await TesterSession.connected(to: server)
        let called = await session.callTool("a").json
        #expect(called["lists_changed"] == ["tools"], "\(called)")
        #expect(called["difference"] == nil)
        #expect(try server.methods().contains("tools/list") == false)
        await session.close()
    }

    @Test func aChangeIsAlsoToldByAnAnswerThatFails() async throws {
        let server = CannedServer { method, _ in
            switch method {
            case "tools/list": .result(#"{"tools":[{"name":"a","inputSchema":{}}]}"#)
            case "tools/call":
                .frames([
                    #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"isError":true,"content":[{"type":"text","text":"no"}]}}"#,
                ])
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let called = await session.callTool("a")
        #expect(called.failure?.failureClass == .toolError)
        #expect(called.json["difference"]?["tools"] == [:], "\(called.json)")
        #expect(called.verdict.contains("(listed again: no difference)"), "\(called.verdict)")
        await session.close()
    }

    @Test func aChangedListThatCannotBeListedAgainIsToldSoAndWhatWasListedDoesNotHold() async throws {
        let listings = Mutex(0)
        let server = CannedServer { method, _ in
            switch method {
            case "tools/list":
                listings.withLock { count in
                    count += 1
                    return .result(count == 1 ? #"{"tools":[{"name":"a","inputSchema":{}}]}"# : #"{"tools":7}"#)
                }
            case "tools/call":
                .frames([
                    #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"content":[]}}"#,
                ])
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let called = await session.callTool("a")
        #expect(called.json["success"] == true, "\(called.json)")
        #expect(called.verdict.contains("could not be listed again"), "\(called.verdict)")
        #expect(called.json["difference"] == nil)
        let checks = await session.callTool("a").json["checks"]
        #expect(checks?["arguments"]?.string?.contains("not checked") == true, "\(checks ?? nil)")
        await session.close()
    }

    @Test func whatChangedDuringACallThatWasCalledOffIsToldByTheNextAnswer() async throws {
        let calls = Mutex(0)
        let server = CannedServer { method, _ in
            switch method {
            case "tools/list": .result(#"{"tools":[{"name":"a","inputSchema":{}}]}"#)
            case "tools/call":
                calls.withLock { calls in
                    calls += 1
                    return calls == 1
                        ? .frames([#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#])
                        : .result(#"{"content":[]}"#)
                }
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let call = Task { await session.callTool("a") }
        _ = await server.inbox.next(containing: "tools/call")
        call.cancel()
        let calledOff = await call.value
        #expect(calledOff.failure?.failureClass == .cancelled)
        #expect(calledOff.json["lists_changed"] == nil, "nobody reads it")
        #expect(try server.methods().count { $0 == "tools/list" } == 1)
        let next = await session.callTool("a").json
        #expect(next["difference"] == ["tools": [:]], "\(next)")
        await session.close()
    }

    @Test func aResourceThatChangesBetweenTwoCallsIsToldOnceByTheNextAnswer() async throws {
        let server = InputRequestingServer(.legacy, rounds: [])
        let session = try await TesterSession.connected(to: server)
        for _ in 0..<2 {
            server.say(#"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x:1"}}"#)
        }
        let called = await session.callTool("ask").json
        #expect(called["resources_updated"] == ["x:1"], "\(called)")
        #expect(called["verdict"]?.string?.contains("changed: 1 resource") == true)
        #expect(await session.callTool("ask").json["resources_updated"] == nil)
        await session.close()
    }

    @Test func whatASubscriptionTellsDuringACallStandsInItsAnswer() async throws {
        let meta = #""_meta":{"io.modelcontextprotocol/subscriptionId":"listen-1"}"#
        let ack = #"{"notifications":{"resourceSubscriptions":["x:1"]},\#(meta)}"#
        let server = CannedServer(.modern) { method, _ in
            switch method {
            case "subscriptions/listen":
                .frames([#"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":\#(ack)}"#])
            case "tools/call":
                .frames([
                    #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x:1",\#(meta)}}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"resultType":"complete","content":[]}}"#,
                ])
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        #expect(await session.subscribe(toResources: ["x:1"]).json["subscription"]?["request"] == "listen-1")
        let called = await session.callTool("a").json
        #expect(called["events"]?[0]?["method"] == "notifications/resources/updated", "\(called)")
        #expect(called["resources_updated"] == ["x:1"])
        await session.close()
    }

    @Test func anAnswerThatComesTooLateIsKeptWithItsText() async throws {
        let server = CannedServer { method, _ in
            switch method {
            case "tools/call": .silence
            case "prompts/list":
                .frames([
                    #"{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"late"}]}}"#,
                    #"{"jsonrpc":"2.0","id":<id>,"result":{"prompts":[]}}"#,
                ])
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        let call = Task { await session.callTool("a") }
        _ = await server.inbox.next(containing: "tools/call")
        call.cancel()
        #expect(await call.value.failure?.failureClass == .cancelled)
        #expect(await session.listPrompts().failure == nil)
        let events = await session.events().json["events"]
        let late = events?.array?.first { $0["text"]?.string?.contains("cancelled or timed out") == true }
        #expect(late?["evidence"]?["text"]?.string?.contains("late") == true, "\(events ?? nil)")
        await session.close()
    }

    @Test func subscriptionsAreKeptByNumbersUntilTheyEnd() async throws {
        let server = CannedServer { method, _ in
            ["resources/subscribe", "resources/unsubscribe"].contains(method) ? .result("{}") : nil
        }
        let session = try await TesterSession.connected(to: server)
        let first = await session.subscribe(toResources: ["x:1", "x:2"]).json
        #expect(first["subscription"]?["number"] == 1, "\(first)")
        #expect(first["subscription"]?["honoured"]?["resourceSubscriptions"] == ["x:1", "x:2"])
        #expect(session.status().json["subscriptions"]?[0]?["status"] == "active")
        #expect(await session.subscribe().json["error"]?["error_type"] == "invalid_arguments")
        #expect(await session.unsubscribe(7).json["error"]?["details"]?["subscriptions"] == [1])
        let ended = await session.unsubscribe().json
        #expect(ended["ended"]?.array?.count == 1)
        #expect(try server.methods().suffix(2) == ["resources/unsubscribe", "resources/unsubscribe"])
        #expect(await session.unsubscribe().json["ended"] == [])
        await session.close()
    }

    @Test func aLogLevelIsAskedForInTheWayOfTheEra() async throws {
        let legacy = CannedServer { method, _ in method == "logging/setLevel" ? .result("{}") : nil }
        let session = try await TesterSession.connected(to: legacy)
        #expect(await session.setLogLevel("debug").json["level"] == "debug")
        #expect(try legacy.methods().last == "logging/setLevel")
        #expect(await session.setLogLevel("loud").json["error"]?["error_type"] == "invalid_arguments")
        await session.close()

        let modern = CannedServer(.modern) { method, _ in
            method == "tools/call" ? .result(#"{"resultType":"complete","content":[]}"#) : nil
        }
        let other = try await TesterSession.connected(to: modern)
        #expect(await other.setLogLevel("debug").failure == nil)
        _ = await other.callTool("t")
        let meta = try modern.inbox.allJSON().last?["params"]?["_meta"]
        #expect(meta?["io.modelcontextprotocol/logLevel"] == "debug")
        await other.close()
    }
}

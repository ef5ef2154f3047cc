import JSON
import TestSupport
import Testing

/// The tools for several connections, over MCP.
@Suite(.timeLimit(.minutes(15)))
struct ConnectionToolTests {
    @Test("connect_to_server with only a known name restarts that server")
    func aKnownNameRestarts() async throws {
        let host = try await TesterHost(TesterUnderTest())
        try await host.call("connect_to_server", ["command": "canned", "name": "mine"])
        let again = try await host.answer("connect_to_server", ["name": "mine"])
        #expect(again["verdict"]?.string?.hasPrefix("PASS: restarted \"mine\"") == true, "\(again)")
        let unknown = try await host.answer("connect_to_server", ["name": "yours"])
        #expect(unknown["error"]?["error_type"] == "invalid_arguments", "\(unknown)")
    }

    @Test("each connection has its statistics; calls without a name use the one that was switched to")
    func connectionsHaveStatistics() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let host = try await TesterHost(tester)
        for name in ["one", "two"] {
            try await host.call("connect_to_server", ["command": "canned", "name": .string(name)])
        }
        try await host.call("switch_connection", ["connection_name": "one"])
        try await host.call("call_tool", ["name": "t"])
        let list = try await host.answer("list_connections")["connections"]?.array ?? []
        #expect(list.map { $0["name"] } == ["one", "two"])
        #expect(list.map { $0["statistics"]?["tools_called"] } == [1, 0], "\(list)")
        #expect(list.map { $0["current"] } == [true, false])
    }

    @Test("subscribe also ends subscriptions")
    func subscribeEndsSubscriptions() async throws {
        let tester = try TesterUnderTest { method, _ in method.hasPrefix("resources/") ? .result("{}") : nil }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        let made = try await host.answer("subscribe", ["uris": ["a:b"]])
        #expect(made["subscription"]?["number"] == 1, "\(made)")
        let ended = try await host.answer("subscribe", ["unsubscribe": true, "number": 1])
        #expect(ended["ended"]?.array?.count == 1, "\(ended)")
    }

    @Test("every tool that uses a connection takes its name")
    func everyToolTakesTheName() async throws {
        let names: Set = [
            "call_tool", "list_tools", "list_resources", "list_prompts", "read_resource", "get_prompt", "task",
            "get_events", "subscribe", "disconnect", "get_connection_status", "restart_server", "test_server",
            "switch_connection",
        ]
        let tools = try await TesterHost(TesterUnderTest()).tools()
        let taking = tools.filter { $0["inputSchema"]?["properties"]?["connection_name"] != nil }
        #expect(names.isSubset(of: taking.compactMap { $0["name"]?.string }))
    }
}

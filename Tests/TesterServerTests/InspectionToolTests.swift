import JSON
import TestSupport
import Testing

/// The tools that look closely, as an assistant calls them.
@Suite(.timeLimit(.minutes(15)))
struct InspectionToolTests {
    private static let tool = """
        {"name": "add", "description": "d", "inputSchema": {"type": "object", "properties": {"a": {"type": "integer"}}}}
        """

    private func host(_ era: TesterHost.Era = .legacy) async throws -> TesterHost {
        let tester = try TesterUnderTest { method, _ in
            switch method {
            case "tools/list": .result(#"{"tools": [\#(Self.tool)]}"#)
            case "tools/call": .result(#"{"content": [{"type": "text", "text": "1"}]}"#)
            case "completion/complete": .result(#"{"completion": {"values": ["Lima"], "total": 1, "hasMore": false}}"#)
            case "resources/templates/list": .result(#"{"resourceTemplates": [{"uriTemplate": "a:{b}", "name": "a"}]}"#)
            default: nil
            }
        }
        let host = try await TesterHost(tester, era)
        try await host.call("connect_to_server", ["command": "canned"])
        return host
    }

    @Test(arguments: TesterHost.Era.allCases)
    func eachToolReportsItsKey(_ era: TesterHost.Era) async throws {
        let host = try await host(era)
        let calls: [(tool: String, arguments: JSONObject, key: String)] = [
            ("get_server_capabilities", [:], "eras"), ("describe_tool", ["name": "add"], "signature"),
            ("validate_arguments", ["name": "add", "arguments": ["a": 1]], "valid"),
            ("inspect_raw", ["method": "tools/list"], "request"), ("inspect_raw", [:], "exchanges"),
            ("inspect_raw", ["bytes": "{", "send": false], "request"),
            ("complete", ["argument": "b", "uri": "a:{b}"], "completion"),
            ("list_resource_templates", [:], "resource_templates"),
        ]
        for call in calls {
            let answer = try await host.answer(call.tool, call.arguments)
            #expect(answer["success"] == true && answer[call.key] != nil, "\(call.tool): \(answer)")
        }
        let called = try await host.answer("call_tool", ["name": "add"])
        let exchanges = try await host.answer("inspect_raw")["exchanges"]?.array
        let number = try #require(exchanges?.last?["exchange"])
        #expect(called["metadata"]?["exchange"] == number)
        let compared = try await host.answer("compare", ["exchange": number])
        #expect(compared["identical"] == true, "\(compared)")
    }

    @Test(
        arguments: [
            ("inspect_raw", ["method": "a", "bytes": "b"], "exclude each other"),
            ("inspect_raw", ["send": true], "Missing `method` or `bytes`"),
            ("complete", ["argument": "a"], "either `prompt` or `uri`"),
            ("compare", [:], "either `with` or `exchange`"),
            ("compare", ["with": "x", "tool": "a", "uri": "b"], "exclude each other"),
            ("skills", ["action": "get"], "Missing `uri`"),
            ("skills", ["action": "list"], "does not declare the extension"),
            ("describe_tool", ["name": "ad"], "Did you mean \"add\"?"),
        ] as [(String, JSONObject, String)]
    )
    func wrongArgumentsAreNamed(tool: String, arguments: JSONObject, says: String) async throws {
        let answer = try await host().answer(tool, arguments)
        #expect(answer["success"] == false)
        #expect(answer["error"]?["message"]?.string?.contains(says) == true, "\(answer)")
    }
}

import JSON
import MCP
import TestSupport
import Tester
import Testing

@testable import TesterServer

/// The output schemas: every call of ``TesterHost`` checks its result against them; here are the rarer kinds of results.
@Suite(.timeLimit(.minutes(15)))
struct OutputSchemaTests {
    @Test(
        "output schemas and structured content are sent in the revisions that have them",
        arguments: Revision.allCases
    )
    func revisions(_ revision: Revision) async throws {
        let era: TesterHost.Era = revision.era == .modern ? .modern : .legacy
        let host = try await TesterHost(TesterUnderTest(), era, revision: revision.wireName)
        let hasSchemas = revision >= .v2025_06_18
        for tool in try await host.tools() {
            #expect((tool["outputSchema"]?["type"] == "object") == hasSchemas, "\(tool["name"] ?? nil)")
            #expect((tool["outputSchema"] != nil) == hasSchemas)
        }
        let result = try await host.wire.ask("tools/call", host.callParams("add", ["a": 1, "b": 2]))["result"]
        #expect((result?["structuredContent"]?["result"] == 3) == hasSchemas, "\(result ?? nil)")
        #expect(result?["content"]?[0]?["text"]?.string?.contains(#""result":3"#) == true)
    }

    @Test("every schema requires verdict, success and the keys of the tool", arguments: TesterTool.all(servedOver: "x"))
    func keys(_ tool: TesterTool) throws {
        let schema = try #require(tool.description.outputSchema)
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        #expect(required.prefix(2) == ["verdict", "success"])
        let properties = schema["properties"]?.object?.keys ?? []
        #expect(!properties.isEmpty)
        #expect(Set(required.dropFirst(2)).isSubset(of: properties))
    }

    @Test("invalid arguments have the empty payload of the tool", arguments: TesterTool.all(servedOver: "x"))
    func emptyPayloads(_ tool: TesterTool) async throws {
        let result = try await TesterHost(TesterUnderTest(tools: TesterUnderTest.everything))
            .call(tool.name, ["no_such_argument": 1])
        #expect(result["isError"] == true)
        let object = try #require(result["structuredContent"])
        #expect(object["error"]?["error_type"] == "invalid_arguments", "\(object)")
        for key in tool.description.outputSchema?["required"]?.array?.compactMap(\.string).dropFirst(2) ?? [] {
            #expect(object[key]?.isNull == true || object[key] == [], "\(key): \(object)")
        }
    }

    /// What the tools need besides their required parameters, so that they look for a connection.
    private static let others: [String: JSONObject] = [
        "connect_to_server": ["command": "x"], "compare": ["tool": "t", "with": "y"], "complete": ["prompt": "p"],
        "subscribe": ["lists": true], "get_events": ["log_level": "info"], "inspect_raw": ["method": "m"],
        "test_server": ["url": "http://127.0.0.1:1/mcp"], "list_configured_servers": ["config": "/no/such.json"],
    ]

    @Test("failures have the declared types", arguments: TesterTool.all(servedOver: "x"))
    func failures(_ tool: TesterTool) async throws {
        let tester = try TesterUnderTest(tools: TesterUnderTest.everything) { _, _ in
            .error(#"{"code":-32603,"message":"no"}"#)
        }
        var arguments = Self.others[tool.name] ?? [:]
        let schema = tool.description.inputSchema?.jsonValue
        for name in schema?["required"]?.array?.compactMap(\.string) ?? [] {
            let parameter = schema?["properties"]?[name]
            arguments[name] = parameter?["enum"]?[0] ?? (parameter?["type"] == "integer" ? 1 : "x")
        }
        let result = try await TesterHost(tester).call(tool.name, arguments)
        let works: Set = [
            "health_check", "ping", "echo", "add", "list_connections", "get_connection_status", "disconnect",
        ]
        #expect(result["structuredContent"]?["success"] == .bool(works.contains(tool.name)), "\(result)")
        if tool.name != "respond", tool.name != "execute_prompt_with_llm" { #expect(result["isError"] == false) }
    }

    @Test(
        "cut results have the declared types",
        arguments: [
            ReportView(), ReportView(isVerbose: true, structure: .bounded), ReportView(structure: .bounded),
            ReportView(isVerbose: false, structure: .whole),
        ]
    )
    func cutResults(_ view: ReportView) async throws {
        let tester = try TesterUnderTest(view: view) { method, _ in
            switch method {
            case "tools/list": .result(#"{"tools":[\#(Self.entries)]}"#)
            case "resources/list": .result(#"{"resources":[\#(Self.entries)]}"#)
            case "prompts/list": .result(#"{"prompts":[\#(Self.entries)]}"#)
            case "tools/call": .result(#"{"content":[{"type":"text","text":"\#(Self.long)"}]}"#)
            case "resources/read": .result(#"{"contents":[{"uri":"x:y","text":"\#(Self.long)"}]}"#)
            case "prompts/get":
                .result(
                    #"{"messages":[{"role":"user","content":{"type":"text","text":"\#(Self.long)"}}]}"#
                )
            default: nil
            }
        }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        let calls: [(String, JSONObject)] = [
            ("list_tools", [:]), ("list_resources", [:]), ("list_prompts", [:]), ("call_tool", ["name": "t"]),
            ("read_resource", ["uri": "x:y"]), ("get_prompt", ["name": "p"]), ("test_server", [:]),
            ("describe_tool", ["name": "name-1"]), ("inspect_raw", ["method": "tools/list", "send": true]),
            ("get_events", ["kinds": ["frame"]]), ("read_result", ["handle": "@1"]), ("restart_server", [:]),
        ]
        for (tool, arguments) in calls {
            for tokens in [nil, 400] as [Int?] {
                var arguments = arguments
                if let tokens { arguments["max_tokens"] = JSONValue(tokens) }
                try await host.call(tool, arguments)
            }
        }
    }

    @Test("a result that is not as declared is noticed")
    func problemsAreNoticed() throws {
        let tools = TesterTool.all(servedOver: "x").map(\.description.jsonValue)
        let declared = try DeclaredTools(tools)
        func problems(_ object: JSONValue, text: String? = nil, _ arguments: JSONValue = [:]) -> [String] {
            let block: JSONValue = ["type": "text", "text": .string(text ?? object.description)]
            return declared.problems(
                in: ["content": [block], "structuredContent": object],
                of: "call_tool",
                arguments
            )
        }
        let good: JSONValue = ["verdict": "PASS: x", "success": true, "tool_call": [:]]
        #expect(problems(good).isEmpty)
        #expect(problems(["verdict": "PASS: x", "success": true]).count == 1)
        #expect(problems(["verdict": "PASS: x", "success": true, "tool_call": []]).count == 1)
        #expect(problems(["verdict": "FAIL: x", "success": false, "tool_call": nil]).count == 1)
        #expect(problems(["verdict": "two\nlines", "success": true, "tool_call": [:]]).count == 1)
        #expect(problems(good, text: "PASS").count == 1)
        #expect(problems(good, text: #"{"verdict":"PASS: x","success":true,"other":1}"#).count == 1)
        let long = good.description.dropLast() + #","tool_call":"\#(String(repeating: "x", count: 6000))"}"#
        #expect(problems(good, text: String(long)).count == 1)
        #expect(problems(good, text: String(long), ["max_tokens": 2000]).isEmpty)
        #expect(throws: DeclaredTools.Undeclared.self) { try DeclaredTools([["name": "t"]]) }
    }

    private static let long = String(repeating: "x", count: 150_000)

    /// 100 entries of any list, about 25 kB.
    private static let entries: String = {
        let filler = String(repeating: "y", count: 200)
        return (0..<100).map {
            #"{"uri":"x:\#($0)","name":"name-\#($0)","description":"\#(filler)","inputSchema":{"type":"object"}}"#
        }.joined(separator: ",")
    }()
}

extension TesterTool: CustomTestStringConvertible {
    /// The name of the tool.
    public var testDescription: String { name }
}

import JSON
import TestSupport
import Testing

@testable import TesterServer

/// The tools that users of the first mcp-test-mcp know: same names, same parameters.
@Suite(.timeLimit(.minutes(15)))
struct ToolTableTests {
    /// A tool of the first mcp-test-mcp; what is new may be optional only.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var required: [String] = []
        /// The types that each parameter must go on taking.
        var parameters: [String: [String]] = [:]

        var testDescription: String { name }
    }

    /// What was required then may be left out now where the sense is clear without it.
    static let rows = [
        Row(
            name: "connect_to_server",
            parameters: [
                "url": ["string"], "headers": ["object"], "auth": ["string", "object"], "command": ["string"],
                "args": ["array"], "env": ["object"], "cwd": ["string"],
            ]
        ),
        Row(name: "disconnect"),
        Row(name: "get_connection_status"),
        Row(name: "list_tools"),
        Row(name: "call_tool", required: ["name"], parameters: ["name": ["string"], "arguments": ["object"]]),
        Row(name: "list_resources"),
        Row(name: "read_resource", required: ["uri"], parameters: ["uri": ["string"]]),
        Row(name: "list_prompts"),
        Row(name: "get_prompt", required: ["name"], parameters: ["name": ["string"], "arguments": ["object"]]),
        Row(
            name: "execute_prompt_with_llm",
            required: ["prompt_name"],
            parameters: [
                "prompt_name": ["string"], "prompt_arguments": ["object", "string"],
                "fill_variables": ["object", "string"], "llm_config": ["object", "string"],
            ]
        ),
        Row(name: "health_check"),
        Row(name: "ping"),
        Row(name: "echo", required: ["message"], parameters: ["message": ["string"]]),
        Row(name: "add", required: ["a", "b"], parameters: ["a": ["integer"], "b": ["integer"]]),
    ]

    @Test(arguments: rows, TesterHost.Era.allCases)
    func aToolIsListedWithItsParameters(_ row: Row, _ era: TesterHost.Era) async throws {
        let tools = try await TesterHost(TesterUnderTest(), era).tools()
        let tool = try #require(tools.first { $0["name"]?.string == row.name })
        let schema = try #require(tool["inputSchema"])
        #expect(schema["type"] == "object")
        #expect((schema["required"]?.array ?? []).compactMap(\.string) == row.required)
        for (name, types) in row.parameters {
            let property = try #require(schema["properties"]?[name], "\(name)")
            let taken = property["type"]?.array?.compactMap(\.string) ?? [property["type"]?.string ?? ""]
            #expect(Set(types).isSubset(of: taken), "\(name)")
        }
        for (name, property) in (schema["properties"]?.object?.members ?? []).map({ ($0.key, $0.value) }) {
            // The instructions of the server describe these once for all tools.
            if Self.described.contains(name) { continue }
            #expect(property["description"]?.string?.isEmpty == false, "\(name)")
        }
        #expect(tool["description"]?.string?.isEmpty == false)
    }

    /// The parameters of many tools, which the instructions of the server describe.
    private static let described = ["verbose", "max_tokens", "connection_name", "timeout"]

    @Test(
        "the instructions describe common parameters, and name no tool that is not offered",
        arguments: ToolSet.allCases
    )
    func instructionsFitTheTools(_ tools: ToolSet) async throws {
        let words = Instructions.text(for: tools).split { !$0.isLetter && $0 != "_" }.map(String.init)
        let offered = try await TesterHost(TesterUnderTest(tools: tools)).tools()
        let names = offered.compactMap { $0["name"]?.string }
        let others = Set(TesterTool.all(servedOver: "stdio").map(\.name)).subtracting(names)
        #expect(others.intersection(words).isEmpty)
        let parameters = Set(offered.flatMap { $0["inputSchema"]?["properties"]?.object?.keys ?? [] })
        for name in Self.described where parameters.contains(name) { #expect(words.contains(name), "\(name)") }
    }

    @Test("the tools of core are those of the first mcp-test-mcp, with the parameters that they had")
    func coreHasTheParametersOfTheFirst() async throws {
        let tools = try await TesterHost(TesterUnderTest(tools: .core)).tools()
        #expect(Set(tools.compactMap { $0["name"]?.string }) == Set(Self.rows.map(\.name)))
        for row in Self.rows {
            let tool = try #require(tools.first { $0["name"]?.string == row.name })
            let names = tool["inputSchema"]?["properties"]?.object?.keys ?? []
            #expect(Set(names) == Set(row.parameters.keys).union(["verbose"]), "\(row.name)")
        }
    }

    @Test(
        "the definitions cost a model few tokens",
        arguments: [(ToolSet.core, 2000), (.all, 6500)]
    )
    func definitionsAreSmall(_ tools: ToolSet, _ limit: Int) async throws {
        let host = try await TesterHost(TesterUnderTest(tools: tools))
        let listed = try #require(try await host.wire.ask("tools/list", [:])["result"])
        #expect(listed["tools"]?.array?.count ?? .max <= 32)
        #expect(JSONText(listed).bytes.count <= 4 * limit)
    }

    @Test("every tool has a title and truthful hints")
    func everyToolHasHints() async throws {
        let readOnly: Set = [
            "get_connection_status", "list_tools", "list_resources", "read_resource", "list_prompts", "get_prompt",
            "health_check", "list_connections", "ping", "echo", "add", "get_server_capabilities", "describe_tool",
            "list_configured_servers", "validate_arguments", "complete", "list_resource_templates", "skills",
            "read_result",
        ]
        let destructive: Set = [
            "connect_to_server", "disconnect", "call_tool", "respond", "task", "restart_server", "test_server",
            "inspect_raw", "compare", "check_server", "audit_auth", "run_suite",
        ]
        let notIdempotent: Set = [
            "connect_to_server", "call_tool", "respond", "subscribe", "restart_server", "test_server", "inspect_raw",
            "compare", "execute_prompt_with_llm", "check_server", "diagnose_auth", "audit_auth",
            "run_suite", "save_suite",
        ]
        let closed: Set = [
            "get_connection_status", "health_check", "ping", "echo", "add", "list_connections",
            "get_server_capabilities", "list_configured_servers", "read_result",
        ]
        for tool in try await TesterHost(TesterUnderTest(tools: .everything)).tools() {
            let name = try #require(tool["name"]?.string)
            let hints = try #require(tool["annotations"])
            #expect(tool["title"]?.string?.isEmpty == false)
            // What is omitted has the protocol's default.
            #expect((hints["readOnlyHint"] ?? false) == .bool(readOnly.contains(name)), "\(name)")
            let destroys: JSONValue? = readOnly.contains(name) ? nil : .bool(destructive.contains(name))
            #expect(hints["destructiveHint"] == destroys, "\(name)")
            #expect((hints["idempotentHint"] ?? false) == .bool(!notIdempotent.contains(name)), "\(name)")
            #expect((hints["openWorldHint"] ?? true) == .bool(!closed.contains(name)), "\(name)")
        }
    }

    @Test("descriptions of tools and parameters are short")
    func descriptionsAreShort() async throws {
        for tool in try await TesterHost(TesterUnderTest(tools: .everything)).tools() {
            let parameters = tool["inputSchema"]?["properties"]?.object?.members ?? []
            for text in [tool["description"]] + parameters.map({ $0.value["description"] }) {
                #expect(text?.string?.utf8.count ?? 0 < 500, "\(text ?? nil)")
            }
        }
    }

    @Test func noTwoToolsHaveTheSameName() async throws {
        let names = try await TesterHost(TesterUnderTest()).tools().compactMap { $0["name"]?.string }
        #expect(Set(names).count == names.count)
        #expect(Set(Self.rows.map(\.name)).isSubset(of: names))
    }

    @Test("What may be omitted may be null")
    func nullCountsAsOmitted() async throws {
        let host = try await TesterHost(TesterUnderTest())
        let report = try await host.answer("echo", ["message": "hi", "verbose": nil, "max_tokens": nil])
        #expect(report["result"] == "hi", "\(report)")
    }
}

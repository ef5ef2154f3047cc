import JSON
import JSONRPC
import MCP
import MCPServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct ToolTests {
    // MARK: - Arguments

    @Test(arguments: Revision.allCases)
    func invalidArgumentsAreExplainedInAResultInEveryRevision(revision: Revision) async throws {
        let host = ScriptedHost(try .sample())
        let arguments: JSONValue = ["count": "three", "txet": "hi"]
        let answer = try await host.ask("tools/call", ["name": "say", "arguments": arguments], in: revision)
        #expect(answer["result"]?["isError"] == true)
        let text = answer.text
        #expect(text.contains("\"say\""))
        #expect(text.contains("`count`"))
        #expect(text.contains("integer"))
        #expect(text.contains("txet"))
        #expect(text.contains("text"))
        #expect(text.contains("say(text: string, count?: integer)"))
    }

    @Test func toolsWithoutRequiredArgumentsNeedNone() async throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(Tool(name: "plain")) { _, arguments in .complete(.text(arguments.text.description)) }
        #expect(try await ScriptedHost(server).ask("tools/call", .modern(["name": "plain"])).text == "{}")
    }

    @Test func argumentsReachTheHandlerUnchanged() async throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(Tool(name: "plain")) { _, arguments in .complete(.text(arguments.text.description)) }
        let host = ScriptedHost(server)
        try await host.initialize()
        host.send(
            text:
                #"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"plain","arguments":{"z":1.0,"a":1E400}}}"#
        )
        #expect(try await host.answer(to: 9).text == #"{"z":1.0,"a":1E400}"#)
    }

    @Test(
        arguments: [
            (["name": "sya", "arguments": ["text": ""]], "did you mean \"say\"?"),
            ([:], "`name` must be a string"),
            (["name": 3], "`name` must be a string"),
            (["name": "say", "arguments": []], "`arguments` must be an object"),
        ] as [(JSONObject, String)]
    )
    func malformedCallsAreProtocolErrors(params: JSONObject, sentence: String) async throws {
        let answer = try await ScriptedHost(try .sample()).ask("tools/call", .modern(params))
        #expect(answer.code == -32602)
        #expect(answer.message.contains(sentence))
    }

    @Test func aToolWithAnInvalidSchemaCanOnlyBeAddedUnchecked() throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        let tool = Tool(name: "t", inputSchema: ["type": "objekt"])
        #expect(throws: (any Error).self) { try server.add(tool) { _, _ in .complete(.text("")) } }
        server.add(unchecked: tool) { _, _ in .complete(.text("")) }
        #expect(server.capabilities(in: .latest).tools != nil)
    }

    @Test func signaturesNameTypesChoicesAndWhatIsOptional() async throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        let schema: JSONObject = [
            "type": "object",
            "properties": [
                "mode": ["enum": ["fast", 2]],
                "names": ["type": "array", "items": ["type": "string"]],
                "either": ["anyOf": [["type": "string"], ["type": "null"]]],
                "many": ["type": ["string", "number"]],
                "one": ["const": 1],
                "open": true,
            ],
            "required": ["mode", "missing"],
        ]
        try server.add(Tool(name: "t", inputSchema: schema)) { _, _ in .complete(.text("")) }
        let text = try await ScriptedHost(server).ask("tools/call", .modern(["name": "t"])).text
        let signature =
            #"t(mode: "fast" | 2, names?: string[], either?: string | null, many?: string | number, one?: 1, open?: any)"#
        #expect(text.hasSuffix(signature))
    }

    // MARK: - Results

    @Test func structuredContentIsRepeatedAsText() async throws {
        let host = ScriptedHost(try Self.server(.structured(["b": 1, "a": JSONValue(2.5)])))
        let result = try await host.ask("tools/call", .modern(["name": "t"]))["result"]
        #expect(result?["structuredContent"]?.description == #"{"b":1,"a":2.5}"#)
        #expect(result?["content"]?[0]?["text"] == #"{"b":1,"a":2.5}"#)
        #expect(result?["isError"] == false)
    }

    @Test(arguments: Revision.allCases)
    func structuredContentIsSentOnlyWhereTheRevisionHasIt(revision: Revision) async throws {
        let object = ScriptedHost(try Self.server(.structured(["a": 1])))
        let result = try await object.ask("tools/call", ["name": "t"], in: revision)["result"]
        #expect((result?["structuredContent"] != nil) == (revision >= .v2025_06_18))
        let array = ScriptedHost(try Self.server(.structured([1])))
        let other = try await array.ask("tools/call", ["name": "t"], in: revision)["result"]
        #expect((other?["structuredContent"] != nil) == (revision == .v2026_07_28))
        #expect(other?["content"]?[0]?["text"] == "[1]")
    }

    @Test(arguments: Revision.allCases)
    func contentThatARevisionLacksBecomesText(revision: Revision) async throws {
        let link = Resource(uri: "file:///a", name: "a", description: "The file.")
        let output = ToolOutput.blocks(.audio(data: "AAAA", mimeType: "audio/wav"), .resourceLink(link))
        let host = ScriptedHost(try Self.server(output))
        let content = try await host.ask("tools/call", ["name": "t"], in: revision)["result"]?["content"]
        #expect(content?[0]?["type"] == (revision >= .v2025_03_26 ? "audio" : "text"))
        #expect(content?[1]?["type"] == (revision >= .v2025_06_18 ? "resource_link" : "text"))
        if revision < .v2025_06_18 { #expect(content?[1]?["text"] == "Resource: a\nfile:///a\nThe file.") }
    }

    @Test func largeTextIsWrittenFromItsBytes() async throws {
        let text = String(repeating: "a\"\n\u{1}é", count: 100_000)
        let host = ScriptedHost(try Self.server(ToolOutput(content: [.text(utf8: Array(text.utf8))])))
        #expect(try await host.ask("tools/call", .modern(["name": "t"])).text == text)
    }

    // MARK: - Lists

    @Test(arguments: Revision.allCases)
    func listedToolsHaveOnlyMembersOfTheRevision(revision: Revision) async throws {
        var tool = Tool(name: "t", description: "d")
        tool.title = "T"
        tool.outputSchema = ["type": "object"]
        tool.annotations = ToolAnnotations(json: ["readOnlyHint": true])
        tool.icons = [Icon(json: ["src": "data:,"])]
        tool.execution = ToolExecution(json: ["taskSupport": "forbidden"])
        tool.json["x-own"] = 1
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(tool) { _, _ in .complete(.text("")) }
        let listed = try await ScriptedHost(server).ask("tools/list", in: revision)["result"]?["tools"]?[0]?.object
        let known: [(String, ClosedRange<Revision>)] = [
            ("name", .v2024_11_05 ... .v2026_07_28), ("description", .v2024_11_05 ... .v2026_07_28),
            ("inputSchema", .v2024_11_05 ... .v2026_07_28), ("title", .v2025_06_18 ... .v2026_07_28),
            ("outputSchema", .v2025_06_18 ... .v2026_07_28), ("annotations", .v2025_03_26 ... .v2026_07_28),
            ("icons", .v2025_11_25 ... .v2026_07_28), ("execution", .v2025_11_25 ... .v2025_11_25),
            ("x-own", .v2024_11_05 ... .v2026_07_28),
        ]
        let expected = known.filter { $0.1.contains(revision) }.map(\.0)
        #expect(Set(listed?.keys ?? []) == Set(expected))
    }

    @Test func anOutputSchemaThatIsNotAnObjectIsListedOnlyWhereItIsAllowed() async throws {
        var tool = Tool(name: "t")
        tool.outputSchema = ["type": "array"]
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(tool) { _, _ in .complete(.structured([])) }
        let host = ScriptedHost(server)
        #expect(try await host.ask("tools/list", .modern())["result"]?["tools"]?[0]?["outputSchema"] != nil)
        let old = try await host.ask("tools/list", in: .v2025_11_25)
        #expect(old["result"]?["tools"]?[0]?["outputSchema"] == nil)
    }

    private static func server(_ output: ToolOutput) throws -> Server {
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(Tool(name: "t")) { _, _ in .complete(output) }
        return server
    }
}

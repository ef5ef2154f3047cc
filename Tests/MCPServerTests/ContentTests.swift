import JSON
import MCP
import MCPServer
import TestSupport
import Testing

/// Resources, prompts and completion.
@Suite(.timeLimit(.minutes(15)))
struct ContentTests {
    private let host: ScriptedHost

    init() throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.cacheLifetime = 5000
        server.cacheScope = .public
        server.add(Resource(uri: "a://one", name: "one")) { _, request in
            .complete([ResourceContents(uri: request.uri, text: "one")])
        }
        try server.add(ResourceTemplate(uriTemplate: "a://{name}/{+rest}", name: "t")) { _, request in
            guard request["name"] != "gone" else { throw ResourceNotFound(uri: request.uri) }
            return .complete([
                ResourceContents(uri: request.uri, text: "\(request["name"] ?? ""),\(request["rest"] ?? "")")
            ])
        }
        let arguments = [PromptArgument(name: "who", required: true), PromptArgument(name: "how")]
        server.add(Prompt(name: "greet", arguments: arguments)) { _, arguments in
            .complete(GetPromptResult(messages: [PromptMessage(role: .user, content: .text(arguments["who"] ?? ""))]))
        }
        server.add(completionOf: "who", in: .prompt("greet")) { _, _ in (1...250).map { "v\($0)" } }
        host = ScriptedHost(server)
    }

    // MARK: - Resources

    @Test func aListedResourceIsReadBeforeAnyTemplateIsTried() async throws {
        let result = try await host.ask("resources/read", .modern(["uri": "a://one"]))["result"]
        #expect(result?["contents"] == [["uri": "a://one", "text": "one"]])
        #expect(result?["ttlMs"] == 5000)
        #expect(result?["cacheScope"] == "public")
    }

    @Test func aTemplateIsReadWithItsVariables() async throws {
        let result = try await host.ask("resources/read", .modern(["uri": "a://b%20c/d/e"]))["result"]
        #expect(result?["contents"]?[0]?["text"] == "b c,d/e")
    }

    @Test(arguments: Revision.allCases, ["a://none", "a://gone/x", "", "no uri at all"])
    func anUnknownResourceHasTheErrorOfTheRevision(revision: Revision, uri: String) async throws {
        let answer = try await host.ask("resources/read", ["uri": .string(uri)], in: revision)
        #expect(answer.code == (revision == .v2026_07_28 ? -32602 : -32002))
        #expect(answer["error"]?["data"]?["uri"]?.string == uri)
    }

    @Test func aReadWithoutURIIsRefused() async throws {
        #expect(try await host.ask("resources/read", .modern()).code == -32602)
    }

    @Test func legacyResultsHaveNoCachingHints() async throws {
        let result = try await host.ask("resources/read", ["uri": "a://one"], in: .v2025_11_25)["result"]
        #expect(result?.object?.keys == ["contents"])
    }

    // MARK: - Prompts

    @Test func aPromptIsFilledIn() async throws {
        let params: JSONObject = ["name": "greet", "arguments": ["who": "Ada"]]
        let result = try await host.ask("prompts/get", .modern(params))["result"]
        #expect(result?["messages"]?[0]?["content"]?["text"] == "Ada")
    }

    @Test(
        arguments: [
            (["name": "greet"], "`who`"),
            (["name": "greet", "arguments": ["who": 3]], "must be a string"),
            (["name": "greet", "arguments": []], "must be an object"),
            (["name": "gret"], "did you mean \"greet\"?"),
            ([:], "`name`"),
        ] as [(JSONObject, String)]
    )
    func aPromptThatCannotBeFilledInFailsWithTheReason(params: JSONObject, sentence: String) async throws {
        let answer = try await host.ask("prompts/get", .modern(params))
        #expect(answer.code == -32602)
        #expect(answer.message.contains(sentence))
    }

    // MARK: - Completion

    @Test func atMostAHundredValuesAreSentWithTheirTotal() async throws {
        let completion = try await complete(["type": "ref/prompt", "name": "greet"], "who")["result"]?["completion"]
        #expect(completion?["values"]?.array?.count == 100)
        #expect(completion?["total"] == 250)
        #expect(completion?["hasMore"] == true)
    }

    @Test func anArgumentWithoutCompletionsHasNoValues() async throws {
        let completion = try await complete(["type": "ref/prompt", "name": "greet"], "how")["result"]?["completion"]
        #expect(completion?["values"] == [])
        let template = try await complete(["type": "ref/resource", "uri": "a://{name}/{+rest}"], "name")
        #expect(template["result"]?["completion"]?["values"] == [])
    }

    @Test func anUnknownReferenceIsRefused() async throws {
        #expect(try await complete(["type": "ref/prompt", "name": "none"], "who").code == -32602)
        #expect(try await complete(["type": "ref/other"], "who").code == -32602)
        #expect(try await host.ask("completion/complete", .modern()).code == -32602)
    }

    private func complete(_ reference: JSONValue, _ argument: JSONValue) async throws -> JSONValue {
        let params: JSONObject = ["ref": reference, "argument": ["name": argument, "value": ""]]
        return try await host.ask("completion/complete", .modern(params))
    }
}

import JSON
import MCP
import MCPClient
import TestSupport
import Tester
import Testing

/// What is answered without asking anybody: prepared answers, values and policies.
@Suite(.timeLimit(.minutes(15)))
struct PolicyTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    private func prepared(_ answers: JSONObject...) throws -> CallOptions {
        var plan = InputPlan()
        for (index, answer) in answers.enumerated() {
            plan.answers.append(try PreparedAnswer(answer, place: index + 1))
        }
        return CallOptions(input: plan)
    }

    private func told(_ answer: Report) throws -> JSONValue {
        let text = try #require(answer.json["tool_call"]?["result"]?.string, "\(answer.json)")
        return try JSONValue(parsing: Array(text.utf8))
    }

    @Test(arguments: eras)
    func preparedAnswersAreUsedInOrderByWhatTheyMatch(_ era: CannedServer.Era) async throws {
        let rounds: [[InputRequestingServer.Question]] = [
            [.form("one"), .sampling("two")], [.form("three", message: "Again?")],
        ]
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: rounds))
        let options = try prepared(
            ["match": ["message_contains": "Again"], "action": "decline"],
            ["match": ["fields": ["name"]], "content": ["name": "Ada"]],
            ["text": "42"]
        )
        let answer = await session.callTool("ask", with: options)
        let told = try told(answer)
        #expect(told["one"]?["content"] == ["name": "Ada"])
        #expect(told["two"]?["content"]?["text"] == "42")
        #expect(told["three"] == ["action": "decline"])
        #expect(answer.findings.isEmpty, "\(answer.findings)")
        await session.close()
    }

    @Test func whatWasPreparedInVainIsReported() async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(.legacy, rounds: []))
        var options = try prepared(["text": "42"])
        options.input.values = [("name", "Ada")]
        let findings = await session.callTool("ask", with: options).findings.map(\.message)
        #expect(findings.contains { $0.contains("Prepared answers were not used") && $0.contains("1") })
        #expect(findings.contains { $0.contains("name") })
        await session.close()
    }

    @Test func aPreparedAnswerThatIsNoneIsNotUsed() async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(.legacy, rounds: [[.form("who")]]))
        let asked = await session.callTool("ask", with: try prepared(["content": ["name": 7]])).json
        #expect(asked["status"] == "needs_input")
        #expect(asked["questions"]?[0]?["not_used"]?[0]?.string?.contains("prepared answer 1") == true, "\(asked)")
        _ = await session.respond(nil, with: ["who": ["action": "decline"]])
        await session.close()
    }

    @Test(
        arguments: [
            ["match": ["kind": "magic"], "action": "decline"],
            ["match": ["colour": "red"], "action": "decline"],
            ["match": 7, "action": "decline"],
            [:],
        ] as [JSONObject]
    )
    func aPreparedAnswerWithoutSenseIsRefused(_ json: JSONObject) {
        #expect(throws: Failure.self) { try PreparedAnswer(json, place: 1) }
    }

    @Test(arguments: eras)
    func valuesFillFormsInAndDefaultsTheRest(_ era: CannedServer.Era) async throws {
        let properties = #"""
            {"name":{"type":"string"},"age":{"type":"integer"},"news":{"type":"boolean","default":true},
            "color":{"type":"string","oneOf":[{"const":"r","title":"Red"},{"const":"g","title":"Green"}]}}
            """#.split(separator: "\n").joined()
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: [[.form("who", properties)]])
        )
        let plan = InputPlan(values: [("name", "Ada"), ("age", "36"), ("color", "Green")])
        let answer = await session.callTool("ask", with: CallOptions(input: plan))
        #expect(try told(answer)["who"]?["content"] == ["name": "Ada", "age": 36, "news": true, "color": "g"])
        await session.close()
    }

    @Test(arguments: eras)
    func policiesAnswerWithoutAsking(_ era: CannedServer.Era) async throws {
        let properties = #"{"name":{"type":"string","default":"John Doe"},"n":{"type":"integer","minimum":3}}"#
        let rounds: [[InputRequestingServer.Question]] = [[.form("who", properties)], [.roots("roots")]]
        let server = InputRequestingServer(era, rounds: rounds)
        let session = try await TesterSession.connected(
            to: server,
            policy: ["elicitation": "accept_defaults"],
            roots: ["file:///work"]
        )
        let told = try told(await session.callTool("ask"))
        #expect(told["who"]?["content"] == ["name": "John Doe", "n": 3])
        #expect(told["roots"] == ["roots": [["uri": "file:///work"]]])
        await session.close()
    }

    @Test(arguments: eras)
    func declinedIsAnsweredInTheWayOfTheKind(_ era: CannedServer.Era) async throws {
        let server = InputRequestingServer(era, rounds: [[.form("who")], [.sampling("model")]])
        let session = try await TesterSession.connected(
            to: server,
            policy: ["elicitation": "decline", "sampling": "decline"]
        )
        let answer = await session.callTool("ask")
        if era == .legacy {
            let told = try told(answer)
            #expect(told["who"] == ["action": "decline"])
            #expect(told["model"]?["error"]?["code"] == -1)
        } else {
            // This revision has no way to tell the server that a model is not asked.
            #expect(answer.failure?.failureClass == .needsInput)
        }
        await session.close()
    }

    @Test(arguments: eras)
    func whatIsOffIsNotDeclared(_ era: CannedServer.Era) async throws {
        let server = InputRequestingServer(era, rounds: [])
        let session = try await TesterSession.connected(to: server, policy: ["sampling": "off", "roots": "off"])
        _ = await session.callTool("ask")
        let messages = try server.inbox.allJSON()
        let capabilities =
            messages.compactMap { $0["params"]?["capabilities"] }.last
            ?? messages.last?["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
        #expect(capabilities?["elicitation"] != nil)
        #expect(capabilities?["sampling"] == nil)
        #expect(capabilities?["roots"] == nil)
        await session.close()
    }

    @Test func aPolicyThatThereIsNotIsRefused() {
        var policy = InputPolicy()
        #expect(throws: Failure.self) { try policy.set("sampling", "accept_defaults") }
        #expect(throws: Failure.self) { try policy.set("elicitation", "llm") }
        #expect(throws: Failure.self) { try policy.set("mail", "ask") }
    }
}

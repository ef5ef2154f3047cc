import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import TestSupport
import Testing

/// Input requests of handlers: inside results, or as requests to legacy clients.
@Suite(.timeLimit(.minutes(15)))
struct InputTests {
    private static let everything: JSONObject = ["elicitation": [:], "sampling": [:], "roots": [:]]

    private let host: ScriptedHost

    init() throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        try server.add(Tool(name: "greet")) { context, _ in
            guard let name = context.inputResponses["who"]?["content"]?["name"]?.string else {
                let form = ElicitParams(json: ["message": "Your name?", "requestedSchema": ["type": "object"]])
                let question = InputRequest(method: .elicitationCreate, params: form.json)
                return .inputRequired(InputRequiredResult([("who", question)], requestState: "round-1"))
            }
            return .complete(.text("Hello, \(name)! \(context.requestState ?? "")"))
        }
        try server.add(Tool(name: "nag")) { _, _ in
            .inputRequired(InputRequiredResult([("roots", InputRequest(method: .rootsList))]))
        }
        try server.add(Tool(name: "confuse")) { _, _ in
            .inputRequired(InputRequiredResult([("x", InputRequest(method: .toolsList))]))
        }
        host = ScriptedHost(server)
    }

    // MARK: - Modern

    @Test func aStatelessClientReceivesInputRequestsInTheResultAndRepeatsItsRequest() async throws {
        let first = try await call("greet", capabilities: Self.everything)["result"]
        #expect(first?["resultType"] == "input_required")
        #expect(first?["inputRequests"]?["who"]?["method"] == "elicitation/create")
        let answers: JSONObject = [
            "inputResponses": ["who": ["action": "accept", "content": ["name": "Ada"]], "other": [:]],
            "requestState": try #require(first?["requestState"]),
        ]
        let second = try await call("greet", answers, capabilities: Self.everything)
        #expect(second.text == "Hello, Ada! round-1")
        #expect(second["result"]?["resultType"] == "complete")
    }

    @Test func aStatelessClientReceivesNoInputRequestThatItDidNotDeclareWithTheRequest() async throws {
        let answer = try await call("greet", capabilities: ["sampling": [:]])
        #expect(answer.code == -32021)
        #expect(answer["error"]?["data"]?["requiredCapabilities"] == ["elicitation": ["form": [:]]])
    }

    @Test(arguments: [["inputResponses": 3], ["inputResponses": .null], ["requestState": 3]] as [JSONObject])
    func invalidResponsesAreRefused(answers: JSONObject) async throws {
        #expect(try await call("greet", answers, capabilities: Self.everything).code == -32602)
    }

    // MARK: - Legacy

    @Test func aLegacyClientReceivesInputRequestsAsRequests() async throws {
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "greet"])
        let question = try await host.inbox.nextJSON()
        #expect(question["method"] == "elicitation/create")
        #expect(question["params"]?["message"] == "Your name?")
        host.answer(question, #""result":{"action":"accept","content":{"name":"Ada"}}"#)
        #expect(try await host.answer(to: id).text == "Hello, Ada! round-1")
    }

    @Test func aLegacyClientReceivesNoInputRequestThatItDidNotDeclare() async throws {
        try await host.initialize()
        let answer = try await host.ask("tools/call", ["name": "greet"])
        #expect(answer.code == -32600)
        #expect(answer["error"]?["data"]?["requiredCapabilities"] == ["elicitation": ["form": [:]]])
    }

    @Test func aClientGetsNoInputRequestThatItsRevisionLacks() async throws {
        try await host.initialize("2025-03-26", capabilities: Self.everything)
        #expect(try await host.ask("tools/call", ["name": "greet"]).code == -32600)
    }

    @Test func aFormIsConvertedToAnOlderRevisionOrRefused() async throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        let titled: JSONValue = ["type": "string", "oneOf": [["const": "a", "title": "A"]], "default": "a"]
        let several: JSONValue = ["type": "array", "items": ["type": "string", "enum": ["a"]]]
        for (name, properties) in [("one", ["x": titled]), ("many", ["x": several])] as [(String, JSONObject)] {
            let schema: JSONValue = ["type": "object", "properties": .object(properties)]
            let question = InputRequest(
                method: .elicitationCreate,
                params: ["message": "?", "requestedSchema": schema]
            )
            try server.add(Tool(name: name)) { _, _ in .inputRequired(InputRequiredResult([("q", question)])) }
        }
        let host = ScriptedHost(server)
        try await host.initialize("2025-06-18", capabilities: Self.everything)
        host.request("tools/call", ["name": "one"])
        let question = try await host.inbox.next("elicitation/create")
        #expect(
            question["params"]?["requestedSchema"]?["properties"]?["x"]
                == ["type": "string", "enum": ["a"], "enumNames": ["A"]]
        )
        let refusal = try await host.ask("tools/call", ["name": "many"])
        #expect(refusal.code == -32600)
        #expect(refusal.message.contains("several values"))
    }

    @Test func anInvalidInputRequestIsAFaultOfTheServer() async throws {
        #expect(try await call("confuse", capabilities: Self.everything).code == -32603)
    }

    @Test func aClientThatRejectsAnInputRequestFailsTheRequest() async throws {
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "greet"])
        host.answer(try await host.inbox.nextJSON(), #""error":{"code":-1,"message":"User rejected"}"#)
        let answer = try await host.answer(to: id)
        #expect(answer.code == -32603)
        #expect(answer.message.contains("User rejected"))
    }

    @Test func aHandlerReceivesTheErrorsOfInputRequestsAndTheRestIsStillSent() async throws {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.deliversInputErrors = true
        try server.add(Tool(name: "two")) { context, _ in
            guard context.inputResponses.isEmpty, context.inputErrors.isEmpty else {
                let codes = context.inputErrors.map { "\($0.key) \($0.value.code)" }
                let answers = context.inputResponses.members.map(\.key)
                return .complete(.text("\(codes) \(answers) \(context.requestState ?? "")"))
            }
            let form = ElicitParams(json: ["message": "Your name?", "requestedSchema": ["type": "object"]])
            let who = InputRequest(method: .elicitationCreate, params: form.json)
            let roots = InputRequest(method: .rootsList)
            return .inputRequired(InputRequiredResult([("who", who), ("roots", roots)], requestState: "s"))
        }
        let host = ScriptedHost(server)
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "two"])
        host.answer(try await host.inbox.nextJSON(), #""error":{"code":-1,"message":"User rejected"}"#)
        host.answer(try await host.inbox.nextJSON(), #""result":{"roots":[]}"#)
        #expect(try await host.answer(to: id).text == #"["who -1"] ["roots"] s"#)
    }

    @Test func aHandlerThatAlwaysRequestsInputFailsAfterTenRounds() async throws {
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "nag"])
        for _ in 1...10 {
            let question = try await host.inbox.nextJSON()
            #expect(question["method"] == "roots/list")
            host.answer(question, #""result":{"roots":[]}"#)
        }
        #expect(try await host.answer(to: id).code == -32603)
    }

    @Test func cancellingARequestCancelsItsInputRequest() async throws {
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "greet"])
        let question = try await host.inbox.nextJSON()
        host.notify("notifications/cancelled", ["requestId": id.value])
        let cancellation = try await host.inbox.nextJSON()
        #expect(cancellation["method"] == "notifications/cancelled")
        #expect(cancellation["params"]?["requestId"] == question["id"])
    }

    @Test func atTheEndOfInputNoInputRequestIsWaitedFor() async throws {
        try await host.initialize(capabilities: Self.everything)
        let id = host.request("tools/call", ["name": "greet"])
        _ = try await host.inbox.nextJSON()
        await host.conversation.finish()
        #expect(try await host.answer(to: id).code == -32603)
    }

    private func call(_ tool: String, _ params: JSONObject = [:], capabilities: JSONObject) async throws -> JSONValue {
        var params = params
        params["name"] = .string(tool)
        return try await host.ask("tools/call", .modern(params, capabilities: capabilities))
    }
}

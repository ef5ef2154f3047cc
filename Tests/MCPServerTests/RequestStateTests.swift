import JSON
import MCP
import MCPServer
import MCPTransport
import TestSupport
import Testing

/// The state that handlers send with input requests is encrypted.
@Suite(.timeLimit(.minutes(5)))
struct RequestStateTests {
    private let clock = FakeClock()

    @Test func theSealedStateRevealsNothing() async throws {
        let state = try await ask(try host())
        #expect(!state.contains("secret"))
        #expect(try await state != ask(try host()))
    }

    @Test func theHandlerGetsItsStateBack() async throws {
        let host = try host()
        #expect(try await bring(try await ask(host), host).text == "secret-1")
    }

    @Test func theOrderOfArgumentsDoesNotMatter() async throws {
        let host = try host()
        let state = try await ask(host, arguments: ["a": 1, "b": ["x": 1, "y": 2]])
        let answer = try await bring(state, host, arguments: ["b": ["y": 2, "x": 1], "a": 1])
        #expect(answer.text == "secret-1")
    }

    @Test func noCharacterOfItCanBeChanged() async throws {
        let host = try host(RequestStatePolicy(isSingleUse: false))
        let state = try await ask(host)
        for index in state.indices {
            var changed = state
            changed.replaceSubrange(index...index, with: state[index] == "A" ? "B" : "A")
            #expect(try await bring(changed, host).code == -32602)
        }
        for changed in [state + "-TAMPERED", String(state.dropLast()), String(state.dropLast(4)), "", "{}", "AAAA"] {
            #expect(try await bring(changed, host).code == -32602, "\(changed)")
        }
        #expect(try await bring(state, host).text == "secret-1")
    }

    @Test func itIsRefusedWithAnotherRequest() async throws {
        let host = try host(RequestStatePolicy(isSingleUse: false))
        let state = try await ask(host, arguments: ["a": 1])
        #expect(try await bring(state, host, arguments: ["a": 2]).code == -32602)
        #expect(try await bring(state, host, arguments: nil).code == -32602)
        #expect(try await bring(state, host, "other", arguments: ["a": 1]).code == -32602)
        let prompt: JSONObject = .modern(
            ["name": "keep", "arguments": ["a": "1"], "requestState": .string(state)],
            capabilities: Self.capabilities
        )
        #expect(try await host.ask("prompts/get", prompt).code == -32602)
        #expect(try await bring(state, host, arguments: ["a": 1]).text == "secret-1")
    }

    @Test func itIsRefusedFromAnotherPrincipal() async throws {
        let conversations = try server(RequestStatePolicy(isSingleUse: false)).conversations(scheduler: clock)
        let ada = ScriptedHost(conversations, principal: .subject("ada"))
        let eve = ScriptedHost(conversations, principal: .subject("eve"))
        let nobody = ScriptedHost(conversations, principal: .local)
        let state = try await ask(ada)
        #expect(try await bring(state, eve).code == -32602)
        #expect(try await bring(state, nobody).code == -32602)
        #expect(try await bring(state, ScriptedHost(conversations, principal: .subject("ada"))).text == "secret-1")
    }

    @Test func itIsRefusedByAnotherServer() async throws {
        let state = try await ask(try host())
        #expect(try await bring(state, try host()).code == -32602)
    }

    @Test func itExpires() async throws {
        let host = try host(RequestStatePolicy(lifetime: .seconds(10), isSingleUse: false))
        let state = try await ask(host)
        clock.advance(by: .milliseconds(9999))
        #expect(try await bring(state, host).text == "secret-1")
        clock.advance(by: .milliseconds(1))
        let answer = try await bring(state, host)
        #expect(answer.code == -32602)
        #expect(answer.message.contains("expired"))
    }

    @Test func itIsAcceptedOnce() async throws {
        let host = try host()
        let state = try await ask(host)
        #expect(try await bring(state, host).text == "secret-1")
        let again = try await bring(state, host)
        #expect(again.code == -32602)
        #expect(again.message.contains("already used"))
        // Each round has a state of its own.
        #expect(try await bring(try await ask(host), host).text == "secret-1")
    }

    @Test func expiredStatesAreForgotten() async throws {
        let host = try host(RequestStatePolicy(lifetime: .seconds(1)))
        for _ in 0..<200 {
            let state = try await ask(host)
            #expect(try await bring(state, host).text == "secret-1")
            #expect(try await bring(state, host).code == -32602)
            clock.advance(by: .milliseconds(20))
        }
    }

    // MARK: - Parts

    private static let capabilities: JSONObject = ["elicitation": [:]]

    private func host(_ policy: RequestStatePolicy = RequestStatePolicy()) throws -> ScriptedHost {
        ScriptedHost(try server(policy), clock: clock)
    }

    /// Tools that request input once and then return their state.
    private func server(_ policy: RequestStatePolicy) throws -> Server {
        var server = Server(info: Implementation(name: "s", version: "1"))
        server.requestStates = policy
        for name in ["keep", "other"] {
            try server.add(Tool(name: name)) { context, _ in
                if let state = context.requestState { return .complete(.text(state)) }
                let form = ElicitParams.form(message: "Go on?", schema: ElicitationSchema([]))
                let question = InputRequest(method: .elicitationCreate, params: form.json)
                return .inputRequired(InputRequiredResult([("go", question)], requestState: "secret-1"))
            }
        }
        server.add(Prompt(name: "keep")) { context, _ in
            .complete(
                GetPromptResult(messages: [PromptMessage(role: .user, content: .text(context.requestState ?? ""))])
            )
        }
        return server
    }

    private func ask(_ host: ScriptedHost, arguments: JSONValue? = nil) async throws -> String {
        var params: JSONObject = ["name": "keep"]
        params["arguments"] = arguments
        let answer = try await host.ask("tools/call", .modern(params, capabilities: Self.capabilities))
        return try #require(answer["result"]?["requestState"]?.string)
    }

    private func bring(
        _ state: String,
        _ host: ScriptedHost,
        _ tool: String = "keep",
        arguments: JSONValue? = nil
    ) async throws -> JSONValue {
        var params: JSONObject = ["name": .string(tool)]
        params["arguments"] = arguments
        params["inputResponses"] = ["go": ["action": "accept", "content": [:]]]
        params["requestState"] = .string(state)
        return try await host.ask("tools/call", .modern(params, capabilities: Self.capabilities))
    }
}

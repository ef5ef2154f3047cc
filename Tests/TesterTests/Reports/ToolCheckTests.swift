import JSON
import TestSupport
import Tester
import Testing

/// Checks of a call against what was listed before, and what is asked of a target when a call has failed.
@Suite(.timeLimit(.minutes(15)))
struct ToolCheckTests {
    private static let tools = """
        {"tools":[{"name":"add","inputSchema":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]},\
        "outputSchema":{"type":"object","properties":{"sum":{"type":"integer"}},"required":["sum"]}}]}
        """

    @Test func withoutAListNothingIsCheckedAndTheAnswerSaysSo() async throws {
        let server = Self.server(call: .result(#"{"content":[],"structuredContent":{"sum":"three"}}"#))
        let answer = await (try await TesterSession.connected(to: server)).callTool("add").json
        #expect(answer.outcome == "PASS")
        let reason = "not checked: list_tools was not called on this connection"
        #expect(answer["checks"] == ["arguments": .string(reason), "output": .string(reason)])
        #expect(try !server.methods().contains("tools/list"))
    }

    @Test func afterAListArgumentsAndResultAreChecked() async throws {
        let server = Self.server(call: .result(#"{"content":[],"structuredContent":{"sum":3}}"#))
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let answer = await session.callTool("add", arguments: JSONText(["a": 1])).json
        #expect(answer["checks"] == ["arguments": "passed", "output": "passed"])
    }

    @Test func wrongArgumentsThatTheServerTakesAreNamed() async throws {
        let server = Self.server(call: .result(#"{"content":[],"structuredContent":{"sum":3}}"#))
        let session = try await TesterSession.connected(to: server)
        _ = await session.listTools()
        let answer = await session.callTool("add", arguments: JSONText(["a": "one"])).json
        #expect(answer.outcome == "PASS")
        #expect(answer["checks"]?["arguments"]?.array?.count == 1, "\(answer)")
        let verdict = try #require(answer["verdict"]?.string)
        #expect(verdict.contains("the server accepted arguments that do not match the input schema"))
        #expect(try server.inbox.allJSON().last?["params"]?["arguments"] == ["a": "one"], "they are sent as given")
    }

    @Test(arguments: [#"{"content":[],"structuredContent":{"sum":"three"}}"#, #"{"content":[]}"#])
    func aResultThatBreaksItsOutputSchemaIsShownAndTheBreachNamed(_ result: String) async throws {
        let session = try await TesterSession.connected(to: Self.server(call: .result(result)))
        _ = await session.listTools()
        let answer = await session.callTool("add", arguments: JSONText(["a": 1]))
        expectFailure(answer.json, "schema_mismatch", "execution_error", says: "output schema")
        #expect(answer.json["error"]?["details"]?["violations"]?.array?.count == 1)
        #expect(answer.structured["target_result"]?.description == result)
    }

    @Test(arguments: [#"{"code":-32602,"message":"no"}"#, #"{"code":-32000,"message":"no"}"#])
    func anAmbiguousFailureIsSettledByOneListAndTheEvidenceSaysSo(_ error: String) async throws {
        let server = Self.server(call: .error(error))
        let session = try await TesterSession.connected(to: server)
        let answer = await session.callTool("ad").json
        expectFailure(answer, "protocol_error", "tool_not_found", says: "no tool \"ad\"", "Did you mean \"add\"?")
        #expect(answer["error"]?["details"]?["available_tools"] == ["add"])
        #expect(answer.description.contains("tools/list, requested after the failure"), "\(answer)")
        #expect(try server.methods().filter { $0 == "tools/list" }.count == 1)
        // What is known now is not asked for again.
        _ = await session.callTool("ad")
        #expect(try server.methods().filter { $0 == "tools/list" }.count == 1)
    }

    @Test func wrongArgumentsAreToldFromAToolThatFailed() async throws {
        let server = Self.server(call: .result(#"{"content":[{"type":"text","text":"bad"}],"isError":true}"#))
        let session = try await TesterSession.connected(to: server)
        let wrong = await session.callTool("add", arguments: JSONText(["a": "one"])).json
        expectFailure(wrong, "tool_error", "invalid_arguments", says: "bad", "input schema")
        #expect(wrong["verdict"]?.string?.hasPrefix("FAIL: The arguments do not match the input schema: `a`") == true)
        let right = await session.callTool("add", arguments: JSONText(["a": 1])).json
        expectFailure(right, "tool_error", "execution_error", says: "The tool \"add\" reported an error: bad")
    }

    @Test func anUnknownMethodNeedsNoList() async throws {
        let server = Self.server(call: .error(#"{"code":-32601,"message":"no tools here"}"#))
        _ = await (try await TesterSession.connected(to: server)).callTool("add")
        #expect(try !server.methods().contains("tools/list"))
    }

    @Test func aSuccessAsksNothingMore() async throws {
        let server = Self.server(call: .result(#"{"content":[]}"#))
        let session = try await TesterSession.connected(to: server)
        let before = try server.methods().count
        _ = await session.callTool("add")
        #expect(try server.methods().dropFirst(before) == ["tools/call"])
    }

    @Test func connectingListsNothing() async throws {
        let server = Self.server(call: .result("{}"))
        _ = try await TesterSession.connected(to: server)
        #expect(try server.methods() == ["server/discover", "initialize", "notifications/initialized"])
    }

    private static func server(call reply: CannedServer.Reply) -> CannedServer {
        CannedServer { method, _ in
            switch method {
            case "tools/call": reply
            case "tools/list": .result(tools)
            default: nil
            }
        }
    }
}

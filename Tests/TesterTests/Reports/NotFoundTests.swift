import JSON
import TestSupport
import Tester
import Testing

/// Resources and prompts that are not there, told from those that failed, by codes and lists and never by words.
@Suite(.timeLimit(.minutes(15)))
struct NotFoundTests {
    private static let prompts = #"{"prompts":[{"name":"greet","arguments":[{"name":"who","required":true}]}]}"#

    @Test(arguments: [(CannedServer.Era.legacy, -32002), (.modern, -32602)])
    func theCodeOfTheRevisionSaysThatAResourceIsMissing(_ era: CannedServer.Era, _ code: Int) async throws {
        let server = CannedServer(era) { method, _ in
            method == "resources/read" ? .error(#"{"code":\#(code),"message":"gone"}"#) : nil
        }
        let answer = await (try await TesterSession.connected(to: server)).readResource("x:y").json
        expectFailure(answer, "protocol_error", "resource_not_found", says: "x:y", "gone")
        #expect(answer["resource"]?.isNull == true)
        #expect(try !server.methods().contains("resources/list"))
    }

    @Test func anotherCodeIsSettledByTheList() async throws {
        let answer = try await read(#"{"code":-32000,"message":"no"}"#, templates: "[]")
        expectFailure(answer, "protocol_error", "resource_not_found", says: "lists no resource \"x:y\"")
        #expect(answer["error"]?["details"]?["checked_against"] == "resources/list, requested after the failure")
    }

    @Test func whereATemplateCouldStandForItTheCauseIsLeftOpen() async throws {
        let answer = try await read(
            #"{"code":-32000,"message":"no"}"#,
            templates: #"[{"uriTemplate":"x:{id}","name":"x"}]"#
        )
        expectFailure(answer, "protocol_error", "execution_error", says: "-32000", ": no")
    }

    @Test func aListedResourceThatCannotBeReadFailed() async throws {
        let answer = try await read(
            #"{"code":-32000,"message":"no"}"#,
            resources: #"[{"uri":"x:y","name":"y"}]"#,
            templates: "[]"
        )
        expectFailure(answer, "protocol_error", "execution_error", says: "-32000", ": no")
    }

    @Test(arguments: [#"{}"#, #"{"contents":[]}"#, #"{"contents":[{"uri":"x:y"}]}"#])
    func aReadingWithoutContentsIsAFaultOfTheServer(_ result: String) async throws {
        let server = CannedServer { method, _ in method == "resources/read" ? .result(result) : nil }
        let answer = await (try await TesterSession.connected(to: server)).readResource("x:y")
        expectFailure(answer.json, "protocol_error", "execution_error", says: "contents")
        #expect(answer.structured["target_result"]?.description == result)
    }

    @Test func aPromptThatIsNotListedIsNotFound() async throws {
        let answer = try await prompt("gret")
        expectFailure(answer, "protocol_error", "prompt_not_found", says: "Did you mean \"greet\"?")
        #expect(answer["error"]?["details"]?["available_prompts"] == ["greet"])
        #expect(answer["error"]?["details"]?["checked_against"] == "prompts/list, requested after the failure")
    }

    @Test(arguments: ["no", "Missing required arguments: {'who'}"])
    func missingArgumentsOfAPromptAreNamedOnce(message: String) async throws {
        let answer = try await prompt("greet", message: message)
        expectFailure(answer, "protocol_error", "invalid_arguments", says: "who")
        #expect(answer["error"]?["message"]?.string?.ranges(of: "who").count == 1, "\(answer)")
        #expect(answer["error"]?["suggestion"] == "Add the missing arguments: who.")
        #expect(answer["error"]?["details"]?["missing_arguments"] == ["who"])
    }

    @Test func aPromptThatHasItsArgumentsFailed() async throws {
        let answer = try await prompt("greet", ["who": "Ada"])
        expectFailure(answer, "protocol_error", "execution_error", says: "-32602", ": no")
    }

    @Test func whatIsNotDeclaredIsNotAskedFor() async throws {
        let server = CannedServer { method, _ in
            method == "initialize"
                ? .result(
                    #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"n","version":"1"}}"#
                ) : nil
        }
        let session = try await TesterSession.connected(to: server)
        let answer = await session.listTools().json
        #expect(answer["tools"] == [])
        #expect(answer["findings"]?[0]?["message"]?.string?.contains("does not declare") == true)
        #expect(try !server.methods().contains("tools/list"))
    }

    private func read(
        _ error: String,
        resources: String = "[]",
        templates: String
    ) async throws -> JSONValue {
        let server = CannedServer { method, _ in
            switch method {
            case "resources/read": .error(error)
            case "resources/list": .result(#"{"resources":\#(resources)}"#)
            case "resources/templates/list": .result(#"{"resourceTemplates":\#(templates)}"#)
            default: nil
            }
        }
        return await (try await TesterSession.connected(to: server)).readResource("x:y").json
    }

    private func prompt(
        _ name: String,
        _ arguments: JSONValue? = nil,
        message: String = "no"
    ) async throws -> JSONValue {
        let server = CannedServer { method, _ in
            switch method {
            case "prompts/get": .error(#"{"code":-32602,"message":"\#(message)"}"#)
            case "prompts/list": .result(Self.prompts)
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        return await session.getPrompt(name, arguments: arguments.map { JSONText($0) }).json
    }
}

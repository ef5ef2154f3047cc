import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

/// A target that asks during a call: the call says so, and goes on with the answer.
@Suite(.timeLimit(.minutes(15)))
struct InboxTests {
    typealias Question = InputRequestingServer.Question

    static let eras: [CannedServer.Era] = [.legacy, .modern]

    /// What the target was told, as its last word has it.
    private func told(_ answer: Report) throws -> JSONValue {
        let text = try #require(answer.json["tool_call"]?["result"]?.string, "\(answer.json)")
        return try JSONValue(parsing: Array(text.utf8))
    }

    private func callID(_ answer: Report) throws -> String {
        try #require(answer.json["call_id"]?.string, "\(answer.json)")
    }

    @Test(arguments: eras)
    func aCallThatAsksIsAnsweredByRespond(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [[.form("who")]]))
        let asked = await session.callTool("ask").json
        #expect(asked["verdict"]?.string?.hasPrefix("NEEDS_INPUT: tool \"ask\" needs input from the user") == true)
        #expect(asked["success"] == false)
        #expect(asked["status"] == "needs_input")
        #expect(asked["tool_call"] == JSONValue.null)
        #expect(asked["error"] == .none)
        #expect(asked["expires_in_seconds"] == 600)
        let question = try #require(asked["questions"]?[0])
        #expect(question["key"] == "who")
        #expect(question["kind"] == "elicitation")
        #expect(question["message"] == "Who are you?")
        #expect(question["schema"]?["required"] == ["name"])
        let example = try #require(question["example"]?.object)

        let id = try #require(asked["call_id"]?.string)
        #expect(id.count == 32)
        let answer = await session.respond(id, with: ["who": .object(example)])
        #expect(answer.failure == nil, "\(answer.json)")
        #expect(try told(answer) == ["who": .object(example)])
        #expect(answer.json["findings"] == nil, "\(answer.json)")
        await session.close()
    }

    @Test(arguments: eras, ["accept", "decline", "cancel"])
    func eachActionReachesTheTarget(_ era: CannedServer.Era, _ action: String) async throws {
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: [[.form("who")], [.page("page")]])
        )
        let asked = await session.callTool("ask")
        var answer: JSONObject = ["action": .string(action)]
        if action == "accept" { answer["content"] = ["name": "Ada"] }
        let next = await session.respond(try callID(asked), with: ["": .object(answer)])
        #expect(next.json["questions"]?[0]?["mode"] == "url")
        #expect(next.json["questions"]?[0]?["url"] == "https://example.com/x")
        #expect(next.json["call_id"] == asked.json["call_id"])
        let end = await session.respond(try callID(next), with: ["": ["action": .string(action)]])
        #expect(try told(end) == ["who": .object(answer), "page": ["action": .string(action)]])
        await session.close()
    }

    @Test(arguments: eras)
    func modelsAndRootsAreAskedForToo(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: [[.sampling("model")], [.roots("roots")]])
        )
        let asked = await session.callTool("ask")
        #expect(asked.json["questions"]?[0]?["params"]?["maxTokens"] == 10)
        let next = await session.respond(nil, with: ["model": ["text": "42"]])
        #expect(next.json["questions"]?[0]?["kind"] == "roots", "\(next.json)")
        let end = try told(await session.respond(nil, with: ["roots": ["roots": ["file:///a"]]]))
        #expect(end["model"]?["content"]?["text"] == "42")
        #expect(end["roots"]?["roots"] == [["uri": "file:///a"]])
        await session.close()
    }

    @Test(arguments: eras)
    func questionsThatComeTogetherAreToldAndAnsweredTogether(_ era: CannedServer.Era) async throws {
        let questions: [Question] = [.form("who"), .sampling("model"), .roots("roots")]
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [questions]))
        var asked = await session.callTool("ask")
        if era == .legacy {
            // Each is a request of its own; those that have arrived are told.
            while asked.json["questions"]?.array?.count ?? 0 < 3 {
                await Task.yield()
                asked = await session.respond(try callID(asked), with: [:])
            }
        }
        #expect(asked.json["questions"]?.array?.count == 3, "\(asked.json)")
        let some = await session.respond(try callID(asked), with: ["who": ["action": "decline"]])
        #expect(some.json["questions"]?.array?.compactMap { $0["key"]?.string } == ["model", "roots"])
        let rest: JSONObject = ["model": ["text": "42"], "roots": ["roots": []]]
        let end = try told(await session.respond(try callID(some), with: rest))
        #expect(end["who"] == ["action": "decline"])
        #expect(end["roots"] == ["roots": []])
        await session.close()
    }

    @Test(arguments: eras)
    func promptsAndResourcesMayAskToo(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [[.form("who")]]))
        _ = await session.getPrompt("p")
        let prompt = await session.respond(nil, with: ["who": ["content": ["name": "Ada"]]]).json
        #expect(prompt["prompt"]?["messages"]?[0]?["content"]?["text"]?.string?.contains("Ada") == true, "\(prompt)")
        _ = await session.readResource("x:y")
        let resource = await session.respond(nil, with: ["who": ["content": ["name": "Bob"]]]).json
        #expect(resource["resource"]?["content"]?.string?.contains("Bob") == true, "\(resource)")
        await session.close()
    }

    // MARK: - Wrong answers

    @Test(arguments: eras)
    func aWrongAnswerNeverLeavesAndTheQuestionStaysOpen(_ era: CannedServer.Era) async throws {
        let server = InputRequestingServer(era, rounds: [[.form("who")]])
        let session = try await TesterSession.connected(to: server)
        let id = try callID(await session.callTool("ask"))
        let before = server.inbox.frames.count
        let wrong = await session.respond(id, with: ["who": ["content": ["name": 7]]]).json
        #expect(wrong["error"]?["error_type"] == "invalid_arguments")
        #expect(wrong["failure_class"] == "usage")
        #expect(wrong["error"]?["details"]?["key"] == "who")
        #expect(wrong["error"]?["details"]?["example"]?["content"] == ["name": "example"])
        #expect(server.inbox.frames.count == before)
        let unknown = await session.respond(id, with: ["whu": ["action": "decline"]]).json
        #expect(unknown["error"]?["message"]?.string?.contains("Did you mean \"who\"?") == true)
        #expect(unknown["error"]?["details"]?["open_questions"] == ["who"])
        #expect(
            try told(await session.respond(id, with: ["who": ["action": "decline"]]))["who"]?["action"] == "decline"
        )
        await session.close()
    }

    @Test(arguments: eras)
    func whatIsForcedReachesTheTargetAsItStands(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [[.form("who")]]))
        let id = try callID(await session.callTool("ask"))
        let end = await session.respond(
            id,
            with: ["who": ["action": "accept", "content": ["name": 7]]],
            isForced: true
        )
        #expect(try told(end)["who"]?["content"] == ["name": 7])
        await session.close()
    }

    @Test func callsThatDoNotWaitAreToldApart() async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(.legacy, rounds: [[.form("who")]]))
        let none = await session.respond(nil, with: [:]).json
        #expect(none["error"]?["message"]?.string?.contains("No call is waiting") == true)
        let unknown = await session.respond("nobody", with: [:]).json
        #expect(unknown["error"]?["message"]?.string?.contains("Unknown call_id") == true)
        let id = try callID(await session.callTool("ask"))
        _ = await session.respond(id, with: ["who": ["action": "cancel"]])
        let over = await session.respond(id, with: ["who": ["action": "cancel"]]).json
        #expect(over["error"]?["message"]?.string?.contains("has ended") == true)
        await session.close()
    }

    @Test func anotherPrincipalReachesNoCallByItsID() async throws {
        let server = InputRequestingServer(.legacy, rounds: [[.form("who")]])
        let directory = ConnectionDirectory()
        let mine = try await TesterSession.connected(to: server, principal: .subject("me"), directory: directory)
        let other = try await TesterSession.connected(
            to: InputRequestingServer(.legacy, rounds: []),
            principal: .subject("other"),
            directory: directory
        )
        let id = try callID(await mine.callTool("ask"))
        #expect(
            await other.respond(id, with: [:]).json["error"]?["message"]?.string?.contains("Unknown call_id") == true
        )
        await mine.close()
        await other.close()
    }

    // MARK: - Ends

    @Test(arguments: eras)
    func aQuestionExpiresAndTheCallEndsClearly(_ era: CannedServer.Era) async throws {
        let clock = FakeClock()
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: [[.form("who")]]),
            clock: clock
        )
        let id = try callID(await session.callTool("ask"))
        clock.advance(by: .seconds(601))
        let end = await session.respond(id, with: [:])
        #expect(try told(end)["who"] == ["action": "cancel"])
        #expect(end.json["findings"]?[0]?["message"]?.string?.contains("No answer was given") == true, "\(end.json)")
        await session.close()
    }

    @Test func anEndThatNobodyAsksForIsForgotten() async throws {
        let clock = FakeClock()
        let session = try await TesterSession.connected(
            to: InputRequestingServer(.legacy, rounds: [[.form("who")]]),
            clock: clock
        )
        let id = try callID(await session.callTool("ask"))
        _ = await session.disconnect()
        clock.advance(by: .seconds(601))
        let answer = await session.respond(id, with: [:]).json
        #expect(answer["error"]?["message"]?.string?.contains("has ended") == true, "\(answer)")
        #expect(answer["error"]?["details"]?["waiting_calls"] == [])
        await session.close()
    }

    @Test(arguments: eras)
    func theTimeOfTheUserIsNotThatOfTheTarget(_ era: CannedServer.Era) async throws {
        let clock = FakeClock()
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: [[.form("who")]]),
            clock: clock
        )
        let limits = ConnectionLimits(request: .seconds(5), idle: .seconds(5))
        let id = try callID(await session.callTool("ask", with: CallOptions(limits: limits)))
        clock.advance(by: .seconds(300))
        let end = await session.respond(id, with: ["who": ["action": "decline"]])
        #expect(try told(end)["who"] == ["action": "decline"])
        await session.close()
    }

    @Test(arguments: eras)
    func aCallEndsWithItsConnection(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [[.form("who")]]))
        let id = try callID(await session.callTool("ask"))
        _ = await session.disconnect()
        let end = await session.respond(id, with: ["who": ["action": "decline"]]).json
        #expect(end["success"] == false)
        #expect(end["failure_class"] == "transport", "\(end)")
        #expect(end["verdict"]?.string?.contains("the tester closed the connection first") == true, "\(end)")
        await session.close()
    }

    @Test(arguments: eras)
    func othersAreServedWhileACallWaits(_ era: CannedServer.Era) async throws {
        let session = try await TesterSession.connected(to: InputRequestingServer(era, rounds: [[.form("who")]]))
        let id = try callID(await session.callTool("ask"))
        #expect(await session.listTools().failure == nil)
        #expect(await session.respond(id, with: ["who": ["action": "decline"]]).failure == nil)
        await session.close()
    }

    @Test(arguments: eras)
    func cancellingTheWaitingCancelsTheCall(_ era: CannedServer.Era) async throws {
        let server = CannedServer(era) { method, _ in method == "tools/call" ? .silence : nil }
        let session = try await TesterSession.connected(to: server)
        let task = Task { await session.callTool("ask") }
        _ = try await server.inbox.next("tools/call")
        task.cancel()
        let answer = await task.value
        #expect(answer.failure?.failureClass == .cancelled)
        #expect(try server.methods().contains("notifications/cancelled"))
        await session.close()
    }

    // MARK: - Targets that ask wrongly

    @Test func aFormThatIsNoneIsShownWithAFinding() async throws {
        let odd = Question("who", "elicitation/create", #"{"message":"?","requestedSchema":{"type":"array"}}"#)
        let session = try await TesterSession.connected(to: InputRequestingServer(.legacy, rounds: [[odd]]))
        let asked = await session.callTool("ask").json
        #expect(asked["questions"]?[0]?["schema"] == ["type": "array"])
        #expect(asked["questions"]?[0]?["example"] == nil)
        #expect(asked["findings"]?.array?.isEmpty == false)
        _ = await session.respond(nil, with: ["who": ["action": "decline"]])
        await session.close()
    }

    @Test(arguments: eras)
    func whoeverAsksEndlesslyIsStopped(_ era: CannedServer.Era) async throws {
        let rounds = (0..<200).map { [Question.form("q\($0)")] }
        let session = try await TesterSession.connected(
            to: InputRequestingServer(era, rounds: rounds),
            policy: ["elicitation": "decline"]
        )
        let answer = await session.callTool("ask").json
        if era == .legacy {
            #expect(answer["findings"]?[0]?["message"]?.string?.contains("more than 50 times") == true, "\(answer)")
        } else {
            #expect(answer["error"]?["message"]?.string?.contains("10 times") == true, "\(answer)")
        }
        await session.close()
    }

    @Test(arguments: ["mail/send", "sampling/createMessage"])
    func askingWhatNobodyDeclaredIsAFaultOfTheTarget(_ method: String) async throws {
        let modern = InputRequestingServer(.modern, rounds: [[Question("q", method, "{}")]])
        let session = try await TesterSession.connected(to: modern, policy: ["sampling": "off"])
        let answer = await session.callTool("ask").json
        #expect(answer["failure_class"] == "protocol_error", "\(answer)")
        #expect(answer["target_result"]?["inputRequests"]?["q"]?["method"]?.string == method)
        await session.close()

        let legacy = InputRequestingServer(.legacy, rounds: [[Question("q", method, "{}")]])
        let other = try await TesterSession.connected(to: legacy, policy: ["sampling": "off"])
        let called = await other.callTool("ask")
        let end = try told(called)
        #expect(end["q"]?["error"]?["code"] == -32601, "\(end)")
        #expect(called.findings.first?.message.hasPrefix(method) == true, "\(called.json)")
        await other.close()
    }

    @Test func whatCannotBeAskedBecauseOfThePolicyIsSaid() async throws {
        let error = #"{"code":-32021,"message":"no","data":{"requiredCapabilities":{"roots":{}}}}"#
        let server = CannedServer(.modern) { method, _ in method == "tools/call" ? .error(error) : nil }
        let session = try await TesterSession.connected(to: server)
        #expect(await session.callTool("t").failure?.nextStep.contains("input_policy") == true)
        await session.close()
    }

    /// Source: 2026-07-28, "Message patterns": a server requests input only inside results.
    @Test(arguments: ["roots/list", "ping"])
    func askingByARequestIsAFindingInTheModernEra(_ method: String) async throws {
        let server = InputRequestingServer(.modern, rounds: [])
        let session = try await TesterSession.connected(to: server)
        server.say(#"{"jsonrpc":"2.0","id":"x","method":"\#(method)"}"#)
        let called = await session.callTool("ask")
        let message = called.findings.first?.message ?? ""
        #expect(message.contains("can request input only inside results"), "\(called.json)")
        await session.close()
    }

    @Test func askingInsideAListIsAFinding() async throws {
        let form = #"{"message":"hm?","requestedSchema":{"type":"object","properties":{}}}"#
        let legacy = CannedServer { method, _ in
            guard method == "tools/list" else { return nil }
            let question = #"{"jsonrpc":"2.0","id":"x","method":"elicitation/create","params":\#(form)}"#
            return .frames([question, #"{"jsonrpc":"2.0","id":<id>,"result":{"tools":[]}}"#])
        }
        let session = try await TesterSession.connected(to: legacy)
        let listed = await session.listTools()
        #expect(listed.failure == nil, "\(listed.json)")
        #expect(await legacy.inbox.next(containing: #""id":"x""#).contains(#""action":"decline""#))
        let findings = listed.findings + (await session.listTools()).findings
        #expect(findings.map(\.message).contains { $0.contains("while no call was open") }, "\(findings)")
        await session.close()

        let asks = #"{"q":{"method":"elicitation/create","params":\#(form)}}"#
        let modern = CannedServer(.modern) { method, _ in
            method == "tools/list" ? .result(#"{"resultType":"input_required","inputRequests":\#(asks)}"#) : nil
        }
        let other = try await TesterSession.connected(to: modern)
        let answer = await other.listTools().json
        #expect(answer["failure_class"] == "protocol_error", "\(answer)")
        await other.close()
    }

    /// Source: 2025-11-25, "Elicitation", URL elicitation required.
    @Test func pagesThatAnErrorNamesAreAskedForAndTheCallRepeated() async throws {
        let isSignedIn = Mutex(false)
        let page = #"{"mode":"url","elicitationId":"e1","url":"https://example.com/x","message":"Sign in"}"#
        let server = CannedServer { method, _ in
            guard method == "tools/call" else { return nil }
            let wasSignedIn = isSignedIn.withLock { value in
                defer { value = true }
                return value
            }
            return wasSignedIn
                ? .result(#"{"content":[{"type":"text","text":"in"}]}"#)
                : .error(#"{"code":-32042,"message":"sign in","data":{"elicitations":[\#(page)]}}"#)
        }
        let session = try await TesterSession.connected(to: server)
        let asked = await session.callTool("t")
        #expect(asked.json["questions"]?[0]?["url"] == "https://example.com/x", "\(asked.json)")
        let end = await session.respond(try callID(asked), with: ["": ["action": "accept"]]).json
        #expect(end["tool_call"]?["result"] == "in", "\(end)")
        await session.close()
    }

    @Test(arguments: eras)
    func cancellingARespondCancelsTheCall(_ era: CannedServer.Era) async throws {
        let server = InputRequestingServer(era, rounds: [[.form("who")], [.form("again")]])
        let session = try await TesterSession.connected(to: server)
        let id = try callID(await session.callTool("ask"))
        #expect(session.status().json["waiting_calls"]?[0]?["call_id"]?.string == id)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await session.respond(id, with: [:])
        }
        _ = await task.value
        let end = await session.respond(id, with: [:])
        #expect(end.failure?.failureClass == .cancelled || end.failure?.failureClass == .usage, "\(end.json)")
        #expect(session.status().json["waiting_calls"] == nil)
        await session.close()
    }

    @Test func askingWithoutACallIsAFinding() async throws {
        let server = InputRequestingServer(.legacy, rounds: [])
        let session = try await TesterSession.connected(to: server)
        let params = #"{"message":"hm?","requestedSchema":{"type":"object","properties":{}}}"#
        server.say(#"{"jsonrpc":"2.0","id":"x","method":"elicitation/create","params":\#(params)}"#)
        #expect(await server.inbox.next(containing: #""id":"x""#).contains(#""action":"decline""#))
        server.say(#"{"jsonrpc":"2.0","id":"y","method":"roots/list"}"#)
        #expect(await server.inbox.next(containing: #""id":"y""#).contains(#""roots":[]"#))
        let answer = await session.callTool("ask").json
        #expect(answer["findings"]?[0]?["message"]?.string?.contains("while no call was open") == true, "\(answer)")
        await session.close()
    }
}

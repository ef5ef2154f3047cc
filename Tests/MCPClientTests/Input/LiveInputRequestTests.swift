import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

/// Requests of a legacy server are answered once, by their handler or with an error.
@Suite(.timeLimit(.minutes(5)))
struct LiveInputRequestTests {
    /// A server that sends a request during a tool call and returns the response as the result.
    private static func asking(
        _ method: String,
        _ params: String = "{}",
        revision: Revision = .v2025_11_25
    ) -> TalkingServer {
        let call = Mutex<JSONValue>(nil)
        return TalkingServer(revision) { server, message in
            if message["method"] == "tools/call" {
                call.withLock { $0 = message }
                server.ask(method, params)
            } else if message["method"] == nil {
                server.answer(call.withLock { $0 }, #"{"content":[],"structuredContent":\#(message)}"#)
            }
        }
    }

    private func answer(
        to method: String,
        _ params: String = "{}",
        revision: Revision = .v2025_11_25,
        _ input: InputHandlers
    ) async throws -> (answer: JSONValue, client: Client) {
        let server = Self.asking(method, params, revision: revision)
        let client = try await server.connect { $0.input = input }
        let result = try await client.callTool("t")
        #expect(try server.answers().count == 1)
        return (try #require(result.result["structuredContent"]?.value()), client)
    }

    private static let form = #"{"message":"Who?","requestedSchema":{"type":"object","properties":{}}}"#
    private static let url = #"{"mode":"url","message":"Go","url":"https://example.com/x","elicitationId":"e1"}"#
    private static let sampling =
        #"{"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"maxTokens":5}"#

    @Test(arguments: [
        ("elicitation/create", form, "action"), ("elicitation/create", url, "action"),
        ("sampling/createMessage", sampling, "model"), ("roots/list", "{}", "roots"),
    ])
    func aHandlerRespondsToEachKindOfRequest(_ method: String, _ params: String, _ member: String) async throws {
        let (answer, client) = try await answer(to: method, params, .willing)
        #expect(answer["id"] == "s1")
        #expect(answer["result"]?[member] != nil, "\(answer)")
        #expect(client.faults.isEmpty)
    }

    @Test func aHandlerGetsTheRequestAsReceivedWithItsOwner() async throws {
        let asked = Notebook<ReceivedInputRequest>()
        var input = InputHandlers.willing
        input.elicitation = { question in
            asked.add(question)
            return ["action": "decline"]
        }
        let params = #"{"message":"\u0057ho?","requestedSchema":{"type":"object","properties":{}},"x":1.0}"#
        let (answer, client) = try await answer(to: "elicitation/create", params, input)
        #expect(answer["result"] == ["action": "decline"])
        let question = try #require(asked.all.first)
        #expect(question.params.description == params)
        #expect(question.kind == .elicitation)
        #expect(question.mode == .form)
        #expect(question.message == "Who?")
        #expect(question.origin == .request("s1"))
        #expect(question.request == 2)
        #expect(question.round == 1)
        let events = client.link.events.since(0, kinds: [.inputRequest], exchanges: [2]).entries
        #expect(events.count == 2)
        guard case .inputOutcome(of: let number, .answered(let said))? = events.last?.content else {
            return #expect(Bool(false), "\(events)")
        }
        #expect(number == events.first?.number)
        #expect(said == ["action": "decline"])
    }

    @Test(arguments: [
        ("sampling/createMessage", sampling, -32601), ("elicitation/create", form, -32601),
        ("roots/list", "{}", -32601), ("no/such", "{}", -32601), ("tools/list", "{}", -32601),
    ])
    func anUndeclaredRequestIsAnUnknownMethod(_ method: String, _ params: String, _ code: Int) async throws {
        let (answer, client) = try await answer(to: method, params, InputHandlers())
        #expect(answer["error"]?["code"] == JSONValue(code), "\(answer)")
        #expect(client.faults.count == 1, "\(client.faults)")
    }

    @Test func anUndeclaredModeIsAnInvalidParameter() async throws {
        var input = InputHandlers.willing
        input.elicitationModes = [.form]
        input.samplingTools = false
        let (mode, client) = try await answer(to: "elicitation/create", Self.url, input)
        #expect(mode["error"]?["code"] == -32602)
        #expect(client.faults.contains { $0.contains("elicitation.url") })
        let tools = #"{"messages":[],"maxTokens":5,"tools":[]}"#
        #expect(try await answer(to: "sampling/createMessage", tools, input).answer["error"]?["code"] == -32602)
        let unknown = #"{"mode":"dance","message":"?"}"#
        #expect(try await answer(to: "elicitation/create", unknown, .willing).answer["error"]?["code"] == -32602)
    }

    private static let use = #"{"role":"assistant","content":[{"type":"tool_use","id":"u1","name":"t","input":{}}]}"#
    private static let result = #"{"type":"tool_result","toolUseId":"u1","content":[]}"#
    private static let text = #"{"type":"text","text":"?"}"#

    @Test(arguments: [
        (#"\#(use),{"role":"user","content":\#(result)}"#, true),
        (#"\#(use),{"role":"user","content":[\#(result)]},{"role":"assistant","content":\#(text)}"#, true),
        (#"\#(use),{"role":"user","content":[\#(result),\#(text)]}"#, false),
        (#"\#(use),{"role":"user","content":\#(text)}"#, false),
        (use, false), (#"{"role":"user","content":\#(result)}"#, false),
    ])
    func everyToolUseInASamplingRequestNeedsItsResult(_ messages: String, _ isBalanced: Bool) async throws {
        let params = #"{"messages":[\#(messages)],"maxTokens":5}"#
        let (answer, client) = try await answer(to: "sampling/createMessage", params, .willing)
        #expect(answer["error"]?["code"] == (isBalanced ? nil : -32602), "\(answer)")
        #expect(client.faults.isEmpty == isBalanced, "\(client.faults)")
    }

    @Test func aKindThatTheRevisionLacksIsAnUnknownMethod() async throws {
        let (answer, _) = try await answer(to: "elicitation/create", Self.form, revision: .v2025_03_26, .willing)
        #expect(answer["error"]?["code"] == -32601)
    }

    @Test func aRefusalIsAnsweredInTheFormOfItsKind() async throws {
        let input = InputHandlers.all { _ throws(InputRefusal) in throw .declined("not today") }
        let (sampling, _) = try await answer(to: "sampling/createMessage", Self.sampling, input)
        #expect(sampling["error"]?["code"] == -1)
        #expect(sampling["error"]?["message"] == "not today")
        #expect(try await answer(to: "roots/list", "{}", input).answer["error"]?["code"] == -32603)
        let (elicitation, _) = try await answer(to: "elicitation/create", Self.form, input)
        #expect(elicitation["result"] == ["action": "decline"])
        let failing = InputHandlers.all { _ throws(InputRefusal) in throw .failed(.internalError("broken")) }
        let (error, _) = try await answer(to: "elicitation/create", Self.form, failing)
        #expect(error["error"]?["code"] == -32603)
    }

    @Test func aCallCanHaveItsOwnInputHandler() async throws {
        let server = Self.asking("roots/list")
        let client = try await server.connect { $0.input = .willing }
        let result = try await client.callTool("t", onInputRequest: { _ in ["roots": []] })
        #expect(result.result["structuredContent"]?["result"]?.description == #"{"roots":[]}"#)
    }

    @Test func otherRequestsAreAnsweredWhileAHandlerRuns() async throws {
        let gate = Gate()
        let server = Self.asking("roots/list")
        let client = try await server.connect {
            $0.input.roots = { _ throws(InputRefusal) in
                do { try await gate.wait() } catch { throw .cancelled }
                return ["roots": []]
            }
        }
        async let call = client.callTool("t")
        _ = try await server.inbox.next("tools/call")
        server.ask("ping", id: "\"p\"")
        #expect(try server.answers().map { $0["id"] } == ["p"])
        gate.open()
        _ = try await call
        #expect(try server.answers().map { $0["id"] } == ["p", "s1"])
    }

    @Test func aRequestThatTheServerCancelsEndsItsHandlerWithoutAResponse() async throws {
        let (began, ended) = (Gate(), Gate())
        let server = TalkingServer(.v2025_11_25) { _, _ in }
        let client = try await server.connect { $0.input.roots = Self.waiting(began, ended) }
        server.ask("roots/list")
        try await began.wait()
        server.notify("notifications/cancelled", #"{"requestId":"s1"}"#)
        try await ended.wait()
        #expect(try server.answers().isEmpty)
        let last = client.link.events.since(0, kinds: [.inputRequest]).entries.last
        guard case .inputOutcome(_, .cancelled)? = last?.content else { return #expect(Bool(false), "\(last as Any)") }
        // The id is free again.
        server.ask("ping")
        #expect(try server.answers().map { $0["id"] } == ["s1"])
    }

    @Test func theEndOfTheConnectionCancelsEveryHandler() async throws {
        let (began, ended) = (Gate(), Gate())
        let server = TalkingServer(.v2025_11_25) { _, _ in }
        let client = try await server.connect { $0.input.roots = Self.waiting(began, ended) }
        server.ask("roots/list")
        try await began.wait()
        await client.close()
        try await ended.wait()
        #expect(try server.answers().isEmpty)
    }

    @Test func aCancelledCallCancelsTheHandlerOfItsInputRequest() async throws {
        let (began, ended) = (Gate(), Gate())
        let server = Self.asking("roots/list")
        let client = try await server.connect { $0.input.roots = Self.waiting(began, ended) }
        let call = Task { try await client.callTool("t") }
        try await began.wait()
        call.cancel()
        try await ended.wait()
        _ = await #expect(throws: CallError.self) { try await call.value }
    }

    @Test func aRepeatedIDIsAFaultAndTheFirstRequestIsAnsweredOnce() async throws {
        let gate = Gate()
        let server = Self.asking("roots/list")
        let client = try await server.connect {
            $0.input.roots = { _ throws(InputRefusal) in
                do { try await gate.wait() } catch { throw .cancelled }
                return ["roots": []]
            }
        }
        async let call = client.callTool("t")
        _ = try await server.inbox.next("tools/call")
        server.ask("roots/list")
        gate.open()
        _ = try await call
        #expect(try server.answers().count == 1)
        #expect(client.faults.contains { $0.contains("used the id \"s1\" again") })
    }

    @Test func anInputRequestDuringTwoCallsHasNoOwner() async throws {
        let asked = Notebook<ReceivedInputRequest>()
        let answered = Gate()
        let server = TalkingServer(.v2025_11_25) { _, message in
            if message["method"] == nil { answered.open() }
        }
        let client = try await server.connect {
            $0.input.roots = { question in
                asked.add(question)
                return ["roots": []]
            }
        }
        let calls = [Task { try await client.callTool("a") }, Task { try await client.callTool("b") }]
        _ = try await server.inbox.next("tools/call")
        _ = try await server.inbox.next("tools/call")
        server.ask("roots/list")
        try await answered.wait()
        #expect(asked.all.map(\.request) == [nil])
        for call in calls { call.cancel() }
        for call in calls { _ = await call.result }
    }

    @Test func anInputRequestThatBreaksItsSchemaIsHandledAndReported() async throws {
        let (answer, client) = try await answer(to: "elicitation/create", #"{"message":7}"#, .willing)
        #expect(answer["result"]?["action"] == "accept")
        #expect(client.faults.contains { $0.contains("does not match its schema") }, "\(client.faults)")
    }

    @Test func changedRootsAreReportedIfDeclared() async throws {
        let server = TalkingServer(.v2025_11_25) { _, _ in }
        let client = try await server.connect { $0.input = .willing }
        try client.rootsChanged()
        #expect(try server.requests("notifications/roots/list_changed").count == 1)
        let quiet = TalkingServer(.v2025_11_25) { _, _ in }
        try await quiet.connect().rootsChanged()
        #expect(try quiet.requests("notifications/roots/list_changed").isEmpty)
    }

    // MARK: - Time

    @Test func theIdleTimeIsPausedDuringAnInputRequest() async throws {
        let gate = Gate()
        let server = TalkingServer(.v2025_11_25) { _, _ in }
        let client = try await server.connect {
            $0.input.roots = { _ throws(InputRefusal) in
                do { try await gate.wait() } catch { throw .cancelled }
                return ["roots": []]
            }
        }
        let clock = server.clock
        let pending = clock.pendingCount
        let call = Task { try await client.callTool("t", limits: CallLimits(idle: .seconds(10))) }
        let sent = try await server.inbox.next("tools/call")
        await clock.untilPending(pending + 1)
        server.ask("roots/list")
        clock.advance(by: .seconds(500))
        gate.open()
        _ = await server.inbox.next(containing: "\"roots\":[]")
        // From here on it runs again.
        clock.advance(by: .seconds(9))
        server.answer(sent, #"{"content":[]}"#)
        #expect(try await call.value.elapsed == .seconds(509))
    }

    @Test func theIdleTimeRestartsAfterAnInputRequest() async throws {
        let server = TalkingServer(.v2025_11_25) { _, _ in }
        let client = try await server.connect { $0.input = .willing }
        let clock = server.clock
        let pending = clock.pendingCount
        let call = Task { try await client.callTool("t", limits: CallLimits(idle: .seconds(10))) }
        _ = try await server.inbox.next("tools/call")
        await clock.untilPending(pending + 1)
        server.ask("roots/list")
        _ = await server.inbox.next(containing: "file:///a")
        clock.advance(by: .seconds(10))
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.timeout(.idle, _)) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }

    private static func waiting(_ began: Gate, _ ended: Gate) -> InputHandlers.Handler {
        { _ throws(InputRefusal) in
            began.open()
            do { try await Gate().wait() } catch {}
            ended.open()
            throw .cancelled
        }
    }
}

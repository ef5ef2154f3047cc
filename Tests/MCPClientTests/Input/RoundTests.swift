import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

/// Input requests inside results: the call is repeated with the responses until it is complete.
///
/// Source: 2026-07-28, "Multi round-trip requests".
@Suite(.timeLimit(.minutes(5)))
struct RoundTests {
    private static let form =
        #"{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{}}}}"#
    private static let sampling = """
        {"method":"sampling/createMessage","params":\
        {"messages":[{"role":"user","content":{"type":"text","text":"?"}}],"maxTokens":5}}
        """
    private static let roots = #"{"method":"roots/list"}"#

    /// A server that answers the calls of a method with these results in order, and then with a complete one.
    private static func server(
        _ method: String = "tools/call",
        clock: FakeClock = FakeClock(),
        results: [String]
    ) -> TalkingServer {
        let count = Atomic<Int>(0)
        return TalkingServer(.latest, clock: clock) { server, message in
            guard message["method"]?.string == method else { return }
            let index = count.add(1, ordering: .relaxed).oldValue
            server.answer(message, index < results.count ? results[index] : #"{"resultType":"complete","content":[]}"#)
        }
    }

    private static func asking(_ questions: String, state: String? = nil) -> String {
        let state = state.map { #","requestState":\#($0)"# } ?? ""
        return #"{"resultType":"input_required","inputRequests":{\#(questions)}\#(state)}"#
    }

    @Test func theRetryHasAllResponsesByKeyAndTheSameParameters() async throws {
        let server = Self.server(
            results: [Self.asking(#""who":\#(Self.form),"draft":\#(Self.sampling),"r":\#(Self.roots)"#)]
        )
        let client = try await server.connect { $0.input = .willing }
        let arguments = #"{"b":1.0,"a":"\u0041"}"#
        let result = try await client.callTool("t", arguments: try JSONText(Array(arguments.utf8)), meta: ["mine": 1])
        #expect(result.requests == [2, 3])
        #expect(result.id == 3)
        let calls = try server.requests("tools/call")
        #expect(calls.count == 2)
        #expect(calls[0]["params"]?["inputResponses"] == nil)
        #expect(calls[0]["params"]?["requestState"] == nil)
        let retry = try #require(calls[1]["params"])
        #expect(retry["inputResponses"]?.object?.keys == ["who", "draft", "r"])
        #expect(retry["inputResponses"]?["who"] == ["action": "accept", "content": ["name": "Ada"]])
        #expect(retry["inputResponses"]?["r"] == ["roots": [["uri": "file:///a"]]])
        #expect(retry["requestState"] == nil)
        #expect(retry["name"] == "t")
        #expect(retry["_meta"]?["mine"] == 1)
        #expect(retry["_meta"]?["progressToken"] == 3)
        #expect(String(decoding: server.inbox.frames.last ?? [], as: UTF8.self).contains(#""arguments":\#(arguments)"#))
        #expect(client.faults.isEmpty)
    }

    @Test(arguments: ["prompts/get", "resources/read"])
    func promptsAndResourcesCanRequestInput(_ method: String) async throws {
        let server = Self.server(method, results: [Self.asking(#""who":\#(Self.form)"#)])
        let client = try await server.connect { $0.input = .willing }
        let result =
            method == "prompts/get"
            ? try await client.getPrompt("p") : try await client.readResource("memo://x")
        #expect(result.requests.count == 2)
    }

    @Test(arguments: [#""plain""#, #""\u0061\/\"quotes\" ü 😀""#, #""""#])
    func theStateIsSentBackByteForByte(_ state: String) async throws {
        let server = Self.server(results: [Self.asking(#""who":\#(Self.form)"#, state: state)])
        let client = try await server.connect { $0.input = .willing }
        _ = try await client.callTool("t")
        let sent = String(decoding: try #require(server.inbox.frames.last), as: UTF8.self)
        #expect(sent.contains(#""requestState":\#(state),"_meta""#), "\(sent)")
    }

    @Test func aLargeStateIsSentBackWhole() async throws {
        let state = "\"" + String(repeating: "x", count: 64 << 10) + "\""
        let server = Self.server(results: [Self.asking(#""who":\#(Self.form)"#, state: state)])
        let client = try await server.connect { $0.input = .willing }
        _ = try await client.callTool("t")
        #expect(String(decoding: server.inbox.frames.last ?? [], as: UTF8.self).contains(state))
    }

    @Test func theStateOfAnEarlierRoundIsNotSentAgain() async throws {
        let server = Self.server(
            results: [Self.asking(#""a":\#(Self.form)"#, state: #""s1""#), Self.asking(#""b":\#(Self.form)"#)]
        )
        let client = try await server.connect { $0.input = .willing }
        _ = try await client.callTool("t")
        let calls = try server.requests("tools/call").map { $0["params"] }
        #expect(calls.map { $0?["requestState"] } == [nil, "s1", nil])
        #expect(calls.map { $0?["inputResponses"]?.object?.keys } == [nil, ["a"], ["b"]])
    }

    @Test func anotherCallCarriesNoStateOrResponses() async throws {
        let (asked, gate) = (Gate(), Gate())
        let server = TalkingServer(.latest) { server, message in
            let isFirst = message["params"]?["name"] == "asks" && message["params"]?["inputResponses"] == nil
            server.answer(
                message,
                isFirst
                    ? Self.asking(#""who":\#(Self.form)"#, state: #""s""#) : #"{"resultType":"complete","content":[]}"#
            )
        }
        let client = try await server.connect {
            $0.input.elicitation = { _ throws(InputRefusal) in
                asked.open()
                do { try await gate.wait() } catch { throw .cancelled }
                return ["action": "decline"]
            }
        }
        async let call = client.callTool("asks")
        try await asked.wait()
        _ = try await client.callTool("other")
        let other = try #require(try server.requests("tools/call").last?["params"])
        #expect(other["inputResponses"] == nil)
        #expect(other["requestState"] == nil)
        gate.open()
        _ = try await call
    }

    @Test func aResultWithStateAloneIsRetriedAfterAGrowingPause() async throws {
        let clock = FakeClock()
        let later = #"{"resultType":"input_required","requestState":"s"}"#
        let server = Self.server(clock: clock, results: [later, later, later, later])
        let client = try await server.connect()
        let call = Task { try await client.callTool("t", limits: CallLimits()) }
        for milliseconds in [50, 100, 200, 250] {
            _ = try await server.inbox.next("tools/call")
            await clock.untilPending(1)
            clock.advance(by: .milliseconds(milliseconds - 1))
            #expect(clock.pendingCount == 1)
            clock.advance(by: .milliseconds(1))
        }
        #expect(try await call.value.requests.count == 5)
        #expect(try server.requests("tools/call").last?["params"]?["inputResponses"] == nil)
    }

    @Test func endlessInputRequestsEndAtTheLimit() async throws {
        let server = TalkingServer(.latest) { server, message in
            server.answer(message, Self.asking(#""who":\#(Self.form)"#))
        }
        let client = try await server.connect { $0.input = .willing }
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .input(.tooManyRounds(limit: 10), _) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
        #expect(failure.requests.count == 11)
        #expect(try server.requests("tools/call").count == 11)
    }

    // MARK: - What is not answered

    @Test(arguments: [
        (#"{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}"#, "sampling"),
        (
            #"{"method":"elicitation/create","params":{"mode":"url","message":"?","url":"https://e.com"}}"#,
            "elicitation.url"
        ),
        (#"{"method":"ping"}"#, "ping"), (#"{}"#, "no method"), ("7", "no method"),
    ])
    func anUndeclaredInputRequestIsNotAnswered(_ question: String, _ named: String) async throws {
        let server = Self.server(results: [Self.asking(#""ok":\#(Self.form),"q":\#(question)"#)])
        let asked = Notebook<ReceivedInputRequest>()
        let client = try await server.connect {
            $0.input.elicitation = {
                asked.add($0)
                return ["action": "accept"]
            }
            $0.input.elicitationModes = [.form]
        }
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .input(.objection(let objection, key: "q"), result: let result) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
        #expect(objection.description.contains(named), "\(objection)")
        #expect(result["inputRequests"]?["q"]?.description == question)
        #expect(try server.requests("tools/call").count == 1)
        #expect(asked.all.isEmpty, "nobody is asked in vain")
        #expect(client.faults.count == 1, "\(client.faults)")
    }

    @Test func refusedSamplingOrRootsEndTheCall() async throws {
        for question in [Self.sampling, Self.roots] {
            let server = Self.server(results: [Self.asking(#""q":\#(question)"#)])
            let client = try await server.connect {
                $0.input = .all { _ throws(InputRefusal) in throw .declined("no") }
            }
            let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
            guard case .input(.refused(let asked, .declined("no")), _) = failure.cause else {
                return #expect(Bool(false), "\(failure)")
            }
            #expect(asked.key == "q")
            #expect(try server.requests("tools/call").count == 1)
        }
    }

    @Test func aDeclinedElicitationIsAResponse() async throws {
        let server = Self.server(results: [Self.asking(#""q":\#(Self.form)"#)])
        let client = try await server.connect { $0.input = .all { _ throws(InputRefusal) in throw .declined("no") } }
        _ = try await client.callTool("t")
        let responses = try server.requests("tools/call").last?["params"]?["inputResponses"]
        #expect(responses == ["q": ["action": "decline"]])
    }

    @Test(arguments: ["tools/list", "completion/complete", "prompts/list"])
    func noOtherMethodCanRequestInput(_ method: String) async throws {
        let server = Self.server(method, results: [Self.asking(#""q":\#(Self.form)"#)])
        let client = try await server.connect { $0.input = .willing }
        let failure = try await #require(throws: CallError.self) { try await client.call(Method(rawValue: method)) }
        guard case .invalid(let reason, _) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(reason.contains("must not request input in a result of \(method)"))
    }

    @Test(arguments: [
        #"{"resultType":"dance","content":[]}"#, #"{"resultType":7,"content":[]}"#,
        #"{"resultType":"task","taskId":"t","status":"working"}"#,
        #"{"resultType":"input_required"}"#, #"{"resultType":"input_required","inputRequests":[]}"#,
        #"{"resultType":"input_required","requestState":7}"#,
    ])
    func aResultOfAnUnknownTypeIsInvalid(_ result: String) async throws {
        let server = Self.server(results: [result])
        let client = try await server.connect { $0.input = .willing }
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .invalid(_, result: let shown) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(shown.description == result)
    }

    // MARK: - Time and cancellation

    @Test func theLimitOfACallIncludesItsRoundsAndHandlers() async throws {
        let clock = FakeClock()
        let asked = Gate()
        let server = Self.server(clock: clock, results: [Self.asking(#""q":\#(Self.form)"#)])
        let client = try await server.connect { $0.input.elicitation = Self.waiting(asked) }
        let call = Task {
            try await client.callTool("t", limits: CallLimits(request: .seconds(30), idle: .seconds(5)))
        }
        try await asked.wait()
        let pending = clock.pendingCount
        // The idle time is for servers: a person may take longer.
        await clock.untilPending(max(pending, 1))
        clock.advance(by: .seconds(29))
        while clock.pendingCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(1))
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.timeout(.request, after: .seconds(30))) = failure.cause else {
            return #expect(Bool(false), "\(failure)")
        }
        #expect(try server.requests("tools/call").count == 1)
    }

    @Test func cancellingTheCallCancelsItsHandlers() async throws {
        let asked = Gate()
        let server = Self.server(results: [Self.asking(#""q":\#(Self.form)"#)])
        let client = try await server.connect { $0.input.elicitation = Self.waiting(asked) }
        let call = Task { try await client.callTool("t") }
        try await asked.wait()
        call.cancel()
        let failure = try await #require(throws: CallError.self) { try await call.value }
        guard case .failed(.cancelled) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        let kinds = client.link.events.since(0, kinds: [.inputRequest]).entries
        #expect(kinds.count == 2)
        #expect(try server.requests("notifications/cancelled").isEmpty, "no request is open that could be cancelled")
    }

    @Test func progressOfEveryRoundReachesTheCaller() async throws {
        let server = TalkingServer(.latest) { server, message in
            guard let token = message["params"]?["_meta"]?["progressToken"] else { return }
            server.notify("notifications/progress", #"{"progressToken":\#(token),"progress":1}"#)
            let isRetry = message["params"]?["inputResponses"] != nil
            server.answer(message, isRetry ? #"{"resultType":"complete"}"# : Self.asking(#""q":\#(Self.form)"#))
        }
        let client = try await server.connect { $0.input = .willing }
        let steps = Notebook<JSONText>()
        let result = try await client.callTool("t", onProgress: { steps.add($0) })
        #expect(steps.all.count == 2)
        let events = client.link.events.since(0, kinds: [.progress], exchanges: Set(result.requests))
        #expect(events.entries.count == 2)
        #expect(client.faults.isEmpty)
    }

    private static func waiting(_ asked: Gate) -> InputHandlers.Handler {
        { _ throws(InputRefusal) in
            asked.open()
            do { try await Gate().wait() } catch {}
            throw .cancelled
        }
    }
}

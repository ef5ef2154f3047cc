import JSON
import JSONRPC
import MCPTransport
import TestSupport
import Tester
import Testing

/// What a target asks and tells during a call, as a host of the tester gets it.
@Suite(.timeLimit(.minutes(15)))
struct InputRequestTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    private func tester(_ era: CannedServer.Era, _ rounds: [[InputRequestingServer.Question]], _ telling: [String] = [])
        throws
        -> TesterUnderTest
    {
        let server = InputRequestingServer(era, rounds: rounds, telling: telling)
        return try TesterUnderTest(transport: { server.transport() })
    }

    private func text(_ result: JSONValue) throws -> String {
        try #require(result["content"]?[0]?["text"]?.string)
    }

    @Test(arguments: TesterHost.Era.allCases, eras)
    func aHostAnswersByRespond(_ era: TesterHost.Era, _ target: CannedServer.Era) async throws {
        let host = try await TesterHost(tester(target, [[.form("who")]]), era)
        try await host.call("connect_to_server", ["command": "asking"])
        let asked = try await host.answer("call_tool", ["name": "ask"])
        #expect(asked["status"] == "needs_input", "\(asked)")
        let id = try #require(asked["call_id"])
        let wrong = try await host.answer("respond", ["call_id": id, "answers": ["who": ["content": ["name": 1]]]])
        #expect(wrong["error"]?["error_type"] == "invalid_arguments")
        let end = try await host.answer("respond", ["call_id": id, "action": "accept", "content": ["name": "Ada"]])
        #expect(end["tool_call"]?["tool_name"] == "ask", "\(end)")
        #expect(end["tool_call"]?["result"]?.string?.contains("Ada") == true)
    }

    @Test func bothWaysToAnswerAtOnceAreRefused() async throws {
        let host = try await TesterHost(tester(.legacy, [[.form("who")]]))
        try await host.call("connect_to_server", ["command": "asking"])
        try await host.call("call_tool", ["name": "ask"])
        let answer = try await host.answer("respond", ["action": "decline", "answers": ["who": ["action": "decline"]]])
        #expect(answer["error"]?["message"]?.string?.contains("Both answers and action") == true)
    }

    /// The bar: what the assistant reads more than without the question; a token is about four bytes.
    @Test(arguments: eras)
    func aQuestionCostsTwoCallsAndFewBytes(_ target: CannedServer.Era) async throws {
        let form =
            #"{"username":{"type":"string","description":"User's response"},"email":{"type":"string","format":"email"}}"#
        let question = InputRequestingServer.Question.form("who", form, required: #"["username","email"]"#)
        let asking = try await TesterHost(tester(target, [[question]]))
        try await asking.call("connect_to_server", ["command": "asking"])
        let asked = try text(try await asking.call("call_tool", ["name": "ask"]))
        let content: JSONObject = ["username": "ada", "email": "ada@example.com"]
        let end = try await asking.call("respond", ["action": "accept", "content": .object(content)])
        let answered = try text(end)
        // The same without the question: the text of the result is the only difference that the target makes.
        let told = try #require(end["structuredContent"]?["tool_call"]?["result"]?.string)
        let kind = target == .modern ? #""resultType":"complete","# : ""
        let result = #"{\#(kind)"content":[{"type":"text","text":\#(JSONValue.string(told))}]}"#
        let server = CannedServer(target) { method, _ in method == "tools/call" ? .result(result) : nil }
        let quiet = try await TesterHost(TesterUnderTest(transport: { server.transport() }))
        try await quiet.call("connect_to_server", ["command": "canned"])
        let without = try text(try await quiet.call("call_tool", ["name": "ask"]))
        let more = asked.utf8.count + answered.utf8.count - without.utf8.count
        #expect(more <= 600, "\(more) bytes: \(asked)")
    }

    @Test(arguments: TesterHost.Era.allCases)
    func preparedAnswersAndPoliciesAreTaken(_ era: TesterHost.Era) async throws {
        let host = try await TesterHost(tester(.legacy, [[.form("who"), .sampling("model"), .roots("roots")]]), era)
        let policy: JSONValue = ["sampling": "decline"]
        try await host.call(
            "connect_to_server",
            ["command": "asking", "input_policy": policy, "roots": ["file:///work"]]
        )
        let answer = try await host.answer("call_tool", ["name": "ask", "answers": [["content": ["name": "Ada"]]]])
        let told = try #require(answer["tool_call"]?["result"]?.string, "\(answer)")
        #expect(told.contains("Ada") && told.contains("file:///work") && told.contains("-1"), "\(told)")
        let refused = try await host.answer("connect_to_server", ["command": "x", "input_policy": ["sampling": "llm"]])
        #expect(refused["error"]?["error_type"] == "llm_config_error", "\(refused)")
        #expect(refused["error"]?["message"]?.string?.contains("LLM_URL and LLM_MODEL_NAME are not set") == true)
    }

    @Test func whatIsForwardedIsAskedOfALegacyHost() async throws {
        let host = try await TesterHost(tester(.modern, [[.form("who")]]), capabilities: ["elicitation": [:]])
        try await host.call("connect_to_server", ["command": "asking", "input_policy": ["elicitation": "forward"]])
        let id = host.wire.request("tools/call", host.callParams("call_tool", ["name": "ask"]))
        let asked = try await host.wire.inbox.next("elicitation/create")
        #expect(asked["params"]?["message"] == "Who are you?")
        let result = #"{"action":"accept","content":{"name":"Ada"}}"#
        host.wire.send(text: #"{"jsonrpc":"2.0","id":\#(asked["id"] ?? nil),"result":\#(result)}"#)
        let answer = try await host.answer(to: id, of: "call_tool")
        #expect(answer?["tool_call"]?["result"]?.string?.contains("Ada") == true, "\(answer ?? nil)")
    }

    /// Whatever the host does not answer, the target must not wait for it until it expires.
    @Test func whatAHostRefusesByAnErrorIsRefusedToTheTarget() async throws {
        let rounds: [[InputRequestingServer.Question]] = [[.form("who"), .sampling("model")]]
        let capabilities: JSONObject = ["elicitation": [:], "sampling": [:]]
        let host = try await TesterHost(tester(.legacy, rounds), capabilities: capabilities)
        let policy: JSONValue = ["elicitation": "forward", "sampling": "forward"]
        try await host.call("connect_to_server", ["command": "asking", "input_policy": policy])
        let id = host.wire.request("tools/call", host.callParams("call_tool", ["name": "ask"]))
        let form = try await host.wire.inbox.next("elicitation/create")
        host.wire.send(
            text: #"{"jsonrpc":"2.0","id":\#(form["id"] ?? nil),"error":{"code":-32042,"message":"not at home"}}"#
        )
        let model = try await host.wire.inbox.next("sampling/createMessage")
        let said = #"{"role":"assistant","content":{"type":"text","text":"42"},"model":"m"}"#
        host.wire.send(text: #"{"jsonrpc":"2.0","id":\#(model["id"] ?? nil),"result":\#(said)}"#)
        let answer = try await host.answer(to: id, of: "call_tool")
        let told = try JSONValue(parsing: answer?["tool_call"]?["result"]?.string ?? "\(answer ?? nil)")
        #expect(told["who"]?["error"] == ["code": -32042, "message": "not at home"], "\(told)")
        #expect(told["model"]?["content"]?["text"] == "42", "\(told)")
    }

    /// What the host is not asked any more is not lost: the assistant is told, and goes on.
    @Test func aTargetThatAsksTooOftenIsAnsweredByTheAssistant() async throws {
        let rounds = (1...12).map { [InputRequestingServer.Question.form("who\($0)")] }
        let host = try await TesterHost(tester(.legacy, rounds), capabilities: ["elicitation": [:]])
        try await host.call("connect_to_server", ["command": "asking", "input_policy": ["elicitation": "forward"]])
        let id = host.wire.request("tools/call", host.callParams("call_tool", ["name": "ask"]))
        for _ in 1...9 {
            let asked = try await host.wire.inbox.next("elicitation/create")
            host.wire.send(text: #"{"jsonrpc":"2.0","id":\#(asked["id"] ?? nil),"result":{"action":"decline"}}"#)
        }
        let answer = try await host.answer(to: id, of: "call_tool")
        #expect(answer?["status"] == "needs_input", "\(answer ?? nil)")
        #expect(answer?["questions"]?[0]?["key"] == "who10", "\(answer ?? nil)")
    }

    @Test func whoCallsOffWhatWasForwardedCallsOffTheTarget() async throws {
        let target = InputRequestingServer(.legacy, rounds: [[.form("who")]])
        let tester = try TesterUnderTest(transport: { target.transport() })
        let host = try await TesterHost(tester, capabilities: ["elicitation": [:]])
        try await host.call("connect_to_server", ["command": "asking", "input_policy": ["elicitation": "forward"]])
        let id = host.wire.request("tools/call", host.callParams("call_tool", ["name": "ask"]))
        _ = try await host.wire.inbox.next("elicitation/create")
        host.wire.notify("notifications/cancelled", ["requestId": id.value])
        _ = try await target.inbox.next("notifications/cancelled")
    }

    @Test func whatIsForwardedIsAskedOfAModernHostByAResult() async throws {
        let host = try await TesterHost(tester(.legacy, [[.form("who")]]), .modern, capabilities: ["elicitation": [:]])
        try await host.call("connect_to_server", ["command": "asking", "input_policy": ["elicitation": "forward"]])
        let asked = try await host.call("call_tool", ["name": "ask"])
        #expect(asked["resultType"] == "input_required", "\(asked)")
        #expect(asked["inputRequests"]?["who"]?["method"] == "elicitation/create")
        var params = host.callParams("call_tool", ["name": "ask"])
        params["inputResponses"] = ["who": ["action": "accept", "content": ["name": "Ada"]]]
        params["requestState"] = asked["requestState"]
        let answer = try await host.wire.ask("tools/call", params)["result"]?["structuredContent"]
        #expect(answer?["tool_call"]?["result"]?.string?.contains("Ada") == true, "\(answer ?? nil)")
    }

    @Test(arguments: TesterHost.Era.allCases)
    func whatCannotBeForwardedIsAskedByTheAnswer(_ era: TesterHost.Era) async throws {
        let host = try await TesterHost(tester(.legacy, [[.form("who")]]), era)
        try await host.call("connect_to_server", ["command": "asking", "input_policy": ["elicitation": "forward"]])
        #expect(try await host.answer("call_tool", ["name": "ask"])["status"] == "needs_input")
    }

    // MARK: - What a target tells

    @Test(arguments: eras)
    func theTargetsProgressAndLogsReachTheHost(_ target: CannedServer.Era) async throws {
        let told = [
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":<token>,"progress":1,"total":2,"message":"half"}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"warning","data":"hot"}}"#,
        ]
        let host = try await TesterHost(tester(target, [], told))
        try await host.call("connect_to_server", ["command": "asking"])
        try await host.call("get_events", ["log_level": "info"])
        _ = try await host.wire.ask("logging/setLevel", ["level": "info"])
        var params = host.callParams("call_tool", ["name": "ask"])
        params["_meta"] = ["progressToken": "mine"]
        let id = host.wire.request("tools/call", params)
        let progress = try await host.wire.inbox.next("notifications/progress")
        #expect(progress["params"]?["progressToken"] == "mine")
        #expect(progress["params"]?["message"] == "half")
        let log = try await host.wire.inbox.next("notifications/message")
        #expect(log["params"]?["data"] == "hot")
        let answer = try await host.answer(to: id, of: "call_tool")
        let kinds = answer?["events"]?.array?.compactMap { $0["kind"]?.string }
        #expect(kinds == ["progress", "log"], "\(answer ?? nil)")
    }

    /// The bar: nothing lost or out of order, and the answer stays small.
    @Test func tenThousandReportsOfProgressAreKeptInOrder() async throws {
        let count = 10_000
        let told = (1...count).map { number in
            let params = #"{"progressToken":<token>,"progress":\#(number)}"#
            return #"{"jsonrpc":"2.0","method":"notifications/progress","params":\#(params)}"#
        }
        let host = try await TesterHost(tester(.legacy, [], told))
        try await host.call("connect_to_server", ["command": "asking"])
        let result = try await host.call("call_tool", ["name": "ask"])
        #expect(try text(result).utf8.count < 24_000)
        #expect(result["structuredContent"]?["events_left_out"]?["count"]?.int == count - 50)
        var since = 0
        var seen: [Int] = []
        while seen.count < count {
            let part = try await host.answer(
                "get_events",
                ["since": JSONValue(since), "kinds": ["progress"], "limit": 500]
            )
            let events = part["events"]?.array ?? []
            guard !events.isEmpty else { break }
            seen += events.compactMap { $0["params"]?["progress"]?.int }
            since = part["last_number"]?.int ?? 0
        }
        #expect(seen == Array(1...count))
    }

    @Test func eventsAreReadLaterByKindAndNumber() async throws {
        let told = (1...120).map {
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":<token>,"progress":\#($0)}}"#
        }
        let host = try await TesterHost(tester(.legacy, [], told))
        try await host.call("connect_to_server", ["command": "asking"])
        let answer = try await host.answer("call_tool", ["name": "ask"])
        #expect(answer["events"]?.array?.count == 50)
        #expect(answer["events"]?.array?.last?["params"]?["progress"] == 120)
        #expect(answer["events_left_out"]?["count"] == 70)
        let since = try #require(answer["events_left_out"]?["get_events"]?["since"])
        let query: JSONObject = ["since": since, "kinds": ["progress"], "limit": 100, "max_tokens": 24_000]
        let first = try await host.answer("get_events", query)
        #expect(first["events"]?.array?.count == 100)
        #expect(first["events"]?[0]?["params"]?["progress"] == 1)
        #expect(first["more"] == 20)
        let last = try #require(first["last_number"])
        let rest = try await host.answer("get_events", ["since": last, "kinds": ["progress"]])
        #expect(rest["events"]?.array?.compactMap { $0["params"]?["progress"]?.int } == Array(101...120))
        let frames = try await host.answer("get_events", ["kinds": ["frame"], "limit": 2])
        #expect(frames["events"]?.array?.count == 2)
    }
}

import JSON
import MCP
import MCPClient
import MCPHTTPClient
import TestSupport
import Tester
import Testing

/// Servers on libraries that nobody here wrote ask in both eras, and the inbox answers.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct RealInboxTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let peer: TestPeers
        let era: EraChoice

        var testDescription: String { "\(peer.rawValue), \(era)" }

        static let all = [TestPeers.mcp2, .fastmcp4].filter(\.isAvailable).flatMap { peer in
            [EraChoice.legacy, .modern].map { Case(peer: peer, era: $0) }
        }

        private var script: String { TestPeers.script("servers/\(peer.rawValue)_asking.py") }

        /// The server over HTTP.
        func served() async throws -> HTTPPeer { try await HTTPPeer([peer.python, script, "--http", "0"]) }

        /// A session that is connected to the server that runs, or else to one of its own over stdio.
        func connected(to running: HTTPPeer? = nil) async throws -> TesterSession {
            let session = TesterSession.stdio(era: era)
            let started = Target(command: peer.python, arguments: [script])
            let target = try running.map { try Target(HTTPEndpoint(url: $0.url)) } ?? started
            let answer = await session.connect(.init(target: target))
            try #require(answer.failure == nil, "\(answer.verdict)")
            return session
        }
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all, [false, true])
    func everyKindOfQuestionGoesThroughTheInbox(_ server: Case, overHTTP: Bool) async throws {
        let running = overHTTP ? try await server.served() : nil
        let session = try await server.connected(to: running)
        let answers: [(tool: String, answer: JSONObject, said: String)] = [
            ("who", ["content": ["name": "Ada"]], "accept Ada"), ("who", ["action": "decline"], "decline"),
            ("who", ["action": "cancel"], "cancel"), ("draft", ["text": "42"], "42"),
            ("where", ["roots": ["file:///a"]], "file:///a"),
        ]
        for (tool, answer, said) in answers {
            let asked = await session.callTool(tool)
            let pending = try #require(asked.pending, "\(asked.json)")
            #expect(pending.questions.count == 1)
            #expect(pending.questions[0].example != nil, "\(asked.json)")
            let end = await session.respond(pending.callID, with: ["": .object(answer)]).json
            #expect(end["tool_call"]?["result"]?.string == said, "\(tool): \(end)")
            #expect(end["findings"] == nil, "\(end)")
        }
        await session.close()
    }

    /// The server checks that what it is sent is a use of its tool, and answers that use before it asks again.
    @Test(
        .enabled(if: TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"),
        arguments: [false, true],
        [false, true]
    )
    func aModelMayUseToolsOfTheServer(isModern: Bool, overHTTP: Bool) async throws {
        let server = Case(peer: .fastmcp4, era: isModern ? .modern : .legacy)
        let running = overHTTP ? try await server.served() : nil
        let session = try await server.connected(to: running)
        let asked = await session.callTool("reckon")
        let pending = try #require(asked.pending, "\(asked.json)")
        #expect(asked.json["questions"]?[0]?["params"]?["tools"]?[0]?["name"] == "multiply")
        let use: JSONValue = ["type": "tool_use", "id": "u1", "name": "multiply", "input": ["a": 6, "b": 7]]
        let message: JSONValue = ["role": "assistant", "model": "m", "stopReason": "toolUse", "content": [use]]
        let again = await session.respond(pending.callID, with: ["": ["message": message]])
        let second = try #require(again.pending, "\(again.json)")
        let messages = again.json["questions"]?[0]?["params"]?["messages"]?.array
        let result = messages?.last?["content"]?[0]
        #expect(result?["toolUseId"] == "u1", "\(again.json)")
        #expect(result?["content"]?[0]?["text"] == "42")
        let end = await session.respond(second.callID, with: ["": ["text": "It is 42."]]).json
        #expect(end["tool_call"]?["result"]?.string?.hasSuffix("It is 42.") == true, "\(end)")
        #expect(end["findings"] == nil, "\(end)")
        await session.close()
        withExtendedLifetime(running) {}
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func aWrongAnswerStaysHereAndTheQuestionOpen(_ server: Case) async throws {
        let session = try await server.connected()
        let pending = try #require(await session.callTool("who").pending)
        let wrong = await session.respond(pending.callID, with: ["": ["content": ["nam": "Ada"]]]).json
        #expect(wrong["error"]?["message"]?.string?.contains("did you mean `name`?") == true, "\(wrong)")
        let end = await session.respond(pending.callID, with: ["": ["content": ["name": "Ada"]]]).json
        #expect(end["tool_call"]?["result"] == "accept Ada", "\(end)")
        await session.close()
    }

    @Test(.enabled(if: !Case.all.isEmpty, "\(TestPeers.absence)"), arguments: Case.all)
    func whatIsReadyIsNotAsked(_ server: Case) async throws {
        let session = try await server.connected()
        let plan = InputPlan(values: [("name", "Ada")])
        let end = await session.callTool("who", with: CallOptions(input: plan)).json
        #expect(end["tool_call"]?["result"] == "accept Ada", "\(end)")
        await session.close()
    }

    @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
    func changesOfARealServerStandInTheEvents() async throws {
        let session = try await Case(peer: .mcp2, era: .modern).connected()
        _ = await session.listTools()
        let subscribed = await session.subscribe(toResources: ["memo://x"], lists: true).json
        #expect(subscribed["subscription"]?["honoured"]?["toolsListChanged"] == true, "\(subscribed)")
        var difference = await session.callTool("touch").json["difference"]
        // What is told on the stream of the subscription may come after the answer to the call.
        var methods: Set<String> = []
        while methods.count < 2 {
            let told = await session.events(.init(kinds: [.change])).json
            methods = Set((told["events"]?.array ?? []).compactMap { $0["method"]?.string })
            difference = difference ?? told["difference"]
            await Task.yield()
        }
        #expect(methods == ["notifications/resources/updated", "notifications/tools/list_changed"])
        #expect(difference == ["tools": [:]], "the list was listed again, and nothing of it is different")
        #expect(await session.unsubscribe().failure == nil)
        await session.close()
    }
}

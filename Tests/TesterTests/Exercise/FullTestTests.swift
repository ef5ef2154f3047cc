import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Tester
import Testing

/// A full test of a server uses what is safe, and says what it did not use.
@Suite(.timeLimit(.minutes(15)))
struct FullTestTests {
    private static let tools = #"""
        {"tools":[
          {"name":"read","inputSchema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]},
           "annotations":{"readOnlyHint":true}},
          {"name":"write","inputSchema":{"type":"object"}},
          {"name":"strict","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true},
           "outputSchema":{"type":"object","required":["a"]}}]}
        """#

    private static func server(_ era: CannedServer.Era = .legacy) -> CannedServer {
        CannedServer(era) { method, message in
            switch method {
            case "tools/list": .result(tools)
            case "resources/list": .result(#"{"resources":[{"uri":"a:b","name":"b"}]}"#)
            case "resources/templates/list": .result(#"{"resourceTemplates":[]}"#)
            case "prompts/list": .result(#"{"prompts":[{"name":"p","arguments":[{"name":"x","required":true}]}]}"#)
            case "tools/call":
                message["params"]?["name"] == "strict"
                    ? .result(#"{"content":[],"structuredContent":{"b":1}}"#) : .result(#"{"content":[]}"#)
            case "resources/read": .result(#"{"contents":[{"uri":"a:b","text":"t"}]}"#)
            case "prompts/get": .result(#"{"messages":[]}"#)
            default: nil
            }
        }
    }

    @Test("only read-only tools are called, with valid arguments; a result that breaks its schema is a fault")
    func readOnlyToolsAreCalled() async throws {
        let server = Self.server()
        let session = try await TesterSession.connected(to: server)
        var request = TestRequest()
        request.isFull = true
        let steps = Mutex<[String]>([])
        request.onProgress = { progress in steps.withLock { $0.append(progress.step) } }
        let answer = await session.testServer(request).json
        #expect(answer.outcome == "FAIL", "\(answer)")
        let exercised = answer["exercised"]?.array ?? []
        #expect(
            exercised.prefix(4).map { "\($0["what"]?.string ?? "") \($0["outcome"]?.string ?? "")" } == [
                "tools/call \"read\" PASS", "tools/call \"strict\" FAIL", "resources/read \"a:b\" PASS",
                "prompts/get \"p\" PASS",
            ],
            "\(exercised)"
        )
        #expect(answer["findings"]?[0]?["message"]?.string?.hasPrefix("tools/call \"strict\"") == true, "\(answer)")
        #expect(answer["summary"]?["tools_called"] == 2)
        let omitted = answer["not_exercised"]?.array ?? []
        #expect(omitted.first?["what"] == "1 tool")
        #expect(omitted.last?["what"] == "the shutdown")
        let calls = try server.inbox.allJSON().filter { $0["method"] == "tools/call" }
        #expect(calls.first?["params"]?["arguments"] == ["n": 1])
        #expect(steps.withLock { $0.first } == "tools/list")
        #expect(steps.withLock { $0.contains("tools/call \"read\"") })
    }

    @Test("a quick test calls only what is named, and its verdict says how many tools were called")
    func aQuickTestCallsWhatIsNamed() async throws {
        let server = Self.server()
        let session = try await TesterSession.connected(to: server)
        let quick = await session.testServer().json
        #expect(quick["verdict"]?.string?.contains("; 0 of 3 tools called") == true, "\(quick)")
        #expect(quick["not_exercised"]?[0]?["why"]?.string?.contains("--call NAME") == true)
        var request = TestRequest()
        request.calls = ["write"]
        let named = await session.testServer(request).json
        #expect(named["exercised"]?.array?.map { $0["what"] } == ["tools/call \"write\""], "\(named)")
        request.calls = ["wrote"]
        let unknown = await session.testServer(request)
        // The request is wrong, not the server.
        #expect(unknown.failure?.failureClass == .usage && unknown.json.outcome == "ERROR", "\(unknown.json)")
        #expect(unknown.failure?.message == "The server has no tool \"wrote\" to call. Did you mean \"write\"?")
        #expect(unknown.json["exercised"] == nil)
        var told = await session.testServer()
        told.reword(.command)
        let why = told.json["not_exercised"]?[0]?["why"]?.string ?? ""
        #expect(why.hasSuffix("--full calls read-only ones, --call NAME those it names"), "\(why)")
    }

    @Test("a failure with made-up arguments shows them, and arguments of the user replace them")
    func madeUpArgumentsAreShown() async throws {
        let server = CannedServer(.legacy) { method, message in
            switch method {
            case "tools/list": .result(Self.tools)
            case "tools/call" where message["params"]?["arguments"]?["n"] == 1:
                .error(#"{"code":-32603,"message":"no 1"}"#)
            case "tools/call": .result(#"{"content":[],"structuredContent":{"a":1}}"#)
            default: nil
            }
        }
        let session = try await TesterSession.connected(to: server)
        var request = TestRequest()
        request.isFull = true
        let madeUp = "\(await session.testServer(request).json)"
        #expect(madeUp.contains(#"made-up arguments that match its schema, {\"n\":1}: "#), "\(madeUp)")
        request.samples = try Samples(["tools": ["read": ["n": 7]]])
        let given = await session.testServer(request).json
        #expect(given["exercised"]?[0]?["outcome"] == "PASS", "\(given)")
        let last = try server.inbox.allJSON().last { $0["params"]?["name"] == "read" }
        #expect(last?["params"]?["arguments"] == ["n": 7], "\(given)")
    }

    private static func completing(_ declares: Bool, _ values: String = #"["a b"]"#) -> CannedServer {
        CannedServer { method, message in
            switch method {
            case "initialize":
                let capabilities = #"{"resources":{},"prompts":{}\#(declares ? #","completions":{}"# : "")}"#
                return .result(
                    #"{"protocolVersion":"2025-11-25","capabilities":\#(capabilities),"serverInfo":{"name":"s","version":"1"}}"#
                )
            case "resources/list": return .result(#"{"resources":[]}"#)
            case "resources/templates/list":
                return .result(#"{"resourceTemplates":[{"uriTemplate":"t://{city}/x","name":"t"}]}"#)
            case "prompts/list": return .result(#"{"prompts":[{"name":"p","arguments":[{"name":"x"}]}]}"#)
            case "completion/complete": return .result(#"{"completion":{"values":\#(values)}}"#)
            case "resources/read": return .result(#"{"contents":[{"uri":"t://a%20b/x","text":"t"}]}"#)
            case "prompts/get": return .result(#"{"messages":[]}"#)
            default: return nil
            }
        }
    }

    @Test("a full test completes arguments, and reads a resource of each template with the values that it got")
    func templatesAreUsedWithCompletions() async throws {
        let server = Self.completing(true)
        let session = try await TesterSession.connected(to: server)
        var request = TestRequest()
        request.isFull = true
        let answer = await session.testServer(request).json
        let exercised = (answer["exercised"]?.array ?? []).map {
            "\($0["what"]?.string ?? "") \($0["outcome"]?.string ?? "")"
        }
        for step in [
            "completion/complete `city` of template \"t://{city}/x\" PASS",
            "completion/complete `x` of prompt \"p\" PASS",
            "resources/read \"t://a%20b/x\" PASS",
        ] { #expect(exercised.contains(step), "\(exercised)") }
        let reads = try server.inbox.allJSON().filter { $0["method"] == "resources/read" }
        #expect(reads.map { $0["params"]?["uri"] } == ["t://a%20b/x"])
        #expect(answer["not_exercised"]?.array?.contains { $0["what"]?.string?.contains("template") == true } == false)
        await session.close()
    }

    @Test("what cannot be completed is listed as not exercised, with the reason")
    func whatIsNotCompletedIsListed() async throws {
        for (declares, values, reasons) in [
            (
                false, "[]",
                [
                    "the completion of 2 arguments": "the server does not declare the capability completions",
                    "resource template \"t://{city}/x\"": "no value of `city` is known, because completion gives none",
                ]
            ),
            (
                true, "[]",
                ["resource template \"t://{city}/x\"": "no value of `city` is known, because completion gives none"]
            ),
        ] {
            let session = try await TesterSession.connected(to: Self.completing(declares, values))
            var request = TestRequest()
            request.isFull = true
            let answer = await session.testServer(request).json
            for (what, why) in reasons {
                let omission = answer["not_exercised"]?.array?.first { $0["what"]?.string == what }
                #expect(omission?["why"]?.string == why, "\(answer)")
            }
            await session.close()
        }
    }

    @Test("the other era is tried on a server of its own, and the connection stays")
    func theOtherEraIsTried() async throws {
        let session = try await TesterSession.connected(to: Self.server())
        var request = TestRequest()
        request.isFull = true
        let answer = await session.testServer(request).json
        let tried = answer["exercised"]?.array?.first { $0["what"] == "connect in the stateless era" }
        #expect(tried?["outcome"] == "NOT_OFFERED", "\(answer)")
        #expect(session.connections.count == 1)
        #expect(await session.callTool("read").json["success"] == true)
    }

    @Test("a server that ends only by force gets advice", .enabled(if: FaultyServer.isAvailable))
    func theShutdownIsJudged() async throws {
        for (fault, outcome) in [(nil, "PASS"), ("ignores-eof-and-term", "ADVICE")] {
            let session = TesterSession.stdio(era: .legacy)
            let server = try FaultyServer(fault)
            let target = Target(command: FaultyServer.python, arguments: server.arguments)
            var request = TestRequest()
            request.isFull = true
            let answer = await session.testServer(at: .init(target: target), request).json
            let step = answer["exercised"]?.array?.first { $0["what"] == "the shutdown" }
            #expect(step?["outcome"]?.string == outcome, "\(answer)")
            #expect(session.connections.isEmpty)
            await session.close()
        }
    }
}

import DemoServer
import JSON
import JSONRPC
import JSONSchema
import MCP
import MCPTransport
import TestSupport
import Testing

/// Each fault is visible to a client.
@Suite(.timeLimit(.minutes(15)))
struct FaultTests {
    @Test func everyFaultHasANameAndAHelpText() {
        for fault in Fault.allCases {
            #expect(fault.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(fault)")
            #expect(fault.help.hasSuffix("."), "\(fault)")
        }
        #expect(Set(Fault.allCases.map(\.help)).count == Fault.allCases.count)
    }

    @Test func withoutFaultsNothingHappensToTheProcess() async throws {
        let demo = try DemoHost()
        _ = try await echo(demo)
        #expect(demo.effects.events.isEmpty)
        #expect(demo.effects.stderr.isEmpty)
    }

    // MARK: - The process

    @Test func exitAtStartExitsBeforeServingAnything() async throws {
        let (events, stderr) = try await served(with: .exitAtStart)
        #expect(events == ["exit 3"])
        #expect(stderr.contains("settings.json"))
    }

    @Test func slowStartReadsNothingForThreeSeconds() async throws {
        let clock = FakeClock()
        let effects = RecordedEffects()
        let demo = DemoServer(faults: [.slowStart], scheduler: clock, effects: effects.effects)
        async let served: Void = demo.serve(on: RecordedTransport(effects))
        while clock.pendingCount == 0 { await Task.yield() }
        clock.advance(by: .milliseconds(2999))
        #expect(effects.events.isEmpty)
        clock.advance(by: .milliseconds(1))
        try await served
        #expect(effects.events == ["serve"])
    }

    @Test func ignoreShutdownOutlivesItsInput() async throws {
        #expect(try await served(with: .ignoreShutdown).events == ["ignore SIGTERM", "serve", "hang"])
    }

    @Test func stderrFloodWritesAMebibyteAtTheStartAndAtEachCall() async throws {
        #expect(try await served(with: .stderrFlood).stderr.utf8.count > 1 << 20)
        let demo = try DemoHost([.stderrFlood])
        _ = try await echo(demo)
        #expect(demo.effects.stderr.utf8.count > 1 << 20)
    }

    @Test func crashOnCallCrashesWithoutAResponse() async throws {
        let demo = try DemoHost([.crashOnCall])
        #expect(try await demo.ask("tools/list")["result"] != nil)
        demo.request("tools/call", ["name": "echo", "arguments": ["message": "hi"]])
        await demo.host.conversation.finish()
        #expect(demo.effects.events == ["crash"])
        #expect(demo.effects.stderr.contains("fatal error"))
        #expect(demo.host.inbox.frames.count == 1)
    }

    // MARK: - What is not answered

    @Test func silentRespondsToNothing() async throws {
        let demo = try DemoHost([.silent])
        demo.request("server/discover")
        demo.host.request("initialize", ["protocolVersion": "2025-11-25"])
        await demo.host.conversation.finish()
        #expect(demo.host.inbox.frames.isEmpty)
    }

    @Test func neverAnswerRespondsToAllButToolCalls() async throws {
        let demo = try DemoHost([.neverAnswer])
        demo.request("tools/call", ["name": "echo", "arguments": ["message": "hi"]])
        #expect(try await demo.ask("tools/list")["result"] != nil)
        await demo.host.conversation.finish()
        #expect(demo.host.inbox.frames.count == 1)
    }

    @Test func silentOnUnknownMethodsIgnoresTheModernEraAndServesTheHandshake() async throws {
        let probe = try DemoHost([.silentOnUnknownMethods])
        probe.request("server/discover")
        probe.host.request("server/discover")
        probe.host.request("no/such")
        #expect(probe.host.inbox.frames.isEmpty)
        let demo = try DemoHost([.silentOnUnknownMethods], revision: .latestLegacy)
        #expect(try await demo.open()?["result"] != nil)
        #expect(try await echo(demo)["isError"] == false)
    }

    @Test func slowRespondsToToolCallsAfterFiveSeconds() async throws {
        let demo = try DemoHost([.slow], isEager: false)
        demo.request("tools/call", ["name": "echo", "arguments": ["message": "hi"]])
        await demo.host.conversation.finish()
        demo.clock.advance(by: .milliseconds(4999))
        #expect(demo.host.inbox.frames.isEmpty)
        demo.clock.advance(by: .milliseconds(1))
        #expect(demo.host.inbox.frames.count == 1)
    }

    // MARK: - What is no protocol

    @Test func noiseOnStdoutPrecedesEachResponse() async throws {
        let demo = try DemoHost([.noiseOnStdout])
        demo.request("tools/list")
        demo.request("prompts/list")
        await demo.host.conversation.finish()
        let lines = demo.host.inbox.frames.map { String(decoding: $0.prefix(40), as: UTF8.self) }
        #expect(lines[0].hasPrefix("Demo server"))
        #expect(lines[1].hasPrefix("DEBUG responding to tools"))
        #expect(lines[2].hasPrefix("{\"jsonrpc\""))
        #expect(lines[3].hasPrefix("DEBUG responding to prompts"))
        #expect(lines.count == 5)
    }

    @Test func garbageTruncatesTheResponse() async throws {
        #expect(throws: JSONError.self) { try JSONValue(parsing: try rawEcho(with: .garbage)) }
    }

    @Test func loneSurrogateCannotBeDecoded() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: try rawEcho(with: .loneSurrogate)) }
        #expect(error?.kind == .loneSurrogate)
    }

    @Test func invalidUTF8CannotBeDecoded() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: try rawEcho(with: .invalidUTF8)) }
        #expect(error?.kind == .invalidUTF8)
    }

    @Test func hugeResultHasTenMegabytes() throws {
        #expect(try rawEcho(with: .hugeResult).count > 10_000_000)
    }

    // MARK: - What breaks the protocol

    @Test func wrongVersionNegotiatesAnUnknownVersion() async throws {
        let legacy = try DemoHost([.wrongVersion], revision: .latestLegacy)
        #expect(try await legacy.open()?["result"]?["protocolVersion"] == "1999-01-01")
        let modern = try DemoHost([.wrongVersion])
        #expect(try await modern.ask("server/discover")["result"]?["supportedVersions"] == ["1999-01-01"])
    }

    @Test func wrongIDRespondsWithAnUnknownID() throws {
        #expect(try JSONValue(parsing: try rawEcho(with: .wrongID))["id"] == 1_000_001)
    }

    @Test func stringIDIsTheIDInAnotherType() throws {
        #expect(try JSONValue(parsing: try rawEcho(with: .stringID))["id"] == "1")
    }

    @Test func answersTwiceSendsTheResponseTwice() async throws {
        let demo = try DemoHost([.answersTwice])
        _ = try await echo(demo)
        #expect(demo.host.inbox.frames.count == 2)
        #expect(demo.host.inbox.frames[0] == demo.host.inbox.frames[1])
    }

    @Test func internalErrorIsAProtocolError() throws {
        #expect(try JSONValue(parsing: try rawEcho(with: .internalError))["error"]?["code"] == -32603)
    }

    // MARK: - What breaks the description of the tools

    @Test func badSchemaListsOneToolWithAnInvalidSchema() async throws {
        let tools = try await DemoHost([.badSchema]).ask("tools/list")["result"]?["tools"]?.array ?? []
        let bad = try tools.filter { tool in
            let schema = try #require(tool["inputSchema"])
            do { _ = try JSONSchema(schema) } catch { return true }
            return false
        }
        #expect(bad.map { $0["name"] } == ["broken_schema"])
        #expect(tools.count > 10)
    }

    @Test func invalidToolListsOneEntryThatIsNotATool() async throws {
        let tools = try await DemoHost([.invalidTool]).ask("tools/list")["result"]?["tools"]?.array ?? []
        #expect(tools.filter { $0["name"] == nil }.count == 1)
        #expect(tools.count > 10)
    }

    @Test func badOutputBreaksTheOutputSchema() async throws {
        let demo = try DemoHost([.badOutput])
        let tools = try await demo.ask("tools/list")["result"]?["tools"]?.array ?? []
        let calls: [(String, JSONValue)] = [("add", ["a": 1, "b": 2]), ("weather", ["city": "Rome"])]
        for (name, arguments) in calls {
            let schema = try #require(tools.first { $0["name"]?.string == name }?["outputSchema"])
            let data = try #require(try await demo.call(name, arguments)["structuredContent"])
            #expect(try !JSONSchema(schema).violations(of: data).isEmpty)
        }
    }

    @Test func endlessPagesGiveANewCursorEachTime() async throws {
        let cursors = try await cursors(of: DemoHost([.endlessPages]), count: 5)
        #expect(Set(cursors).count == 5)
    }

    @Test func aLoopingCursorIsTheSameEachTime() async throws {
        #expect(try await cursors(of: DemoHost([.loopingCursor]), count: 5) == Array(repeating: "again", count: 5))
    }

    @Test func anEmptyCursorLeadsToTheSecondAndLastPage() async throws {
        let demo = try DemoHost([.emptyCursor])
        let first = try await demo.ask("tools/list")["result"]
        #expect(first?["nextCursor"] == "")
        let second = try await demo.ask("tools/list", ["cursor": ""])["result"]
        #expect(second?["nextCursor"] == nil)
        let all = try await DemoHost().ask("tools/list")["result"]?["tools"]?.array
        #expect((first?["tools"]?.array ?? []) + (second?["tools"]?.array ?? []) == all)
    }

    // MARK: - Parts

    private func echo(_ demo: DemoHost) async throws -> JSONValue {
        try await demo.call("echo", ["message": "hi"])
    }

    /// The response to a call of `echo`, as bytes.
    private func rawEcho(with fault: Fault) throws -> [UInt8] {
        let demo = try DemoHost([fault])
        demo.request("tools/call", ["name": "echo", "arguments": ["message": "hi"]])
        return try #require(demo.host.inbox.frames.first)
    }

    private func cursors(of demo: DemoHost, count: Int) async throws -> [String] {
        var cursors: [String] = []
        while cursors.count < count {
            let params: JSONObject = cursors.last.map { ["cursor": .string($0)] } ?? [:]
            let result = try await demo.ask("tools/list", params)["result"]
            #expect(result?["tools"]?.array?.isEmpty == false)
            cursors.append(try #require(result?["nextCursor"]?.string))
        }
        return cursors
    }

    private func served(with fault: Fault) async throws -> (events: [String], stderr: String) {
        let effects = RecordedEffects()
        let demo = DemoServer(faults: [fault], scheduler: FakeClock(isEager: true), effects: effects.effects)
        try await demo.serve(on: RecordedTransport(effects))
        return (effects.events, effects.stderr)
    }
}

/// A transport without hosts that records that it served.
private struct RecordedTransport: ServerTransport {
    let effects: RecordedEffects

    init(_ effects: RecordedEffects) {
        self.effects = effects
    }

    func serve(_ makeConversation: @escaping MakeConversation) async throws {
        effects.add("serve")
    }
}

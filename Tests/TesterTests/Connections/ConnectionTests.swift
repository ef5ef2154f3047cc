import JSON
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport
import Tester
import Testing

/// The connections of a session: names, the current one, replacing and ending them, and what was done on each.
@Suite(.timeLimit(.minutes(15)))
struct ConnectionTests {
    private let session: TesterSession
    private let clock = FakeClock()

    init() {
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy) { target in
            // Each server answers with its own name.
            CannedServer { method, _ in
                switch method {
                case "tools/call": .result(#"{"content":[{"type":"text","text":"\#(target.name)"}]}"#)
                case "resources/read": .result(#"{"contents":[{"uri":"x:y","text":"a"}]}"#)
                case "prompts/get": .result(#"{"messages":[]}"#)
                default: nil
                }
            }.transport()
        }
        session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
    }

    @Test func theConnectionMadeLastIsTheCurrentOne() async {
        await connect("one", "two")
        #expect(await answered() == "two")
        #expect(await answered(on: "one") == "one")
        #expect(session.connections.map(\.name) == ["one", "two"])
    }

    @Test(arguments: [
        (#"{"name":"weather","version":""}"#, "connected to weather at "),
        (#"{"name":"","version":""}"#, "connected to an unnamed server at "),
    ])
    func anEmptyVersionLeavesNoGapInTheVerdict(_ server: (info: String, words: String)) async {
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy) { _ in
            CannedServer { method, _ in
                method == "initialize"
                    ? .result(#"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":\#(server.info)}"#) : nil
            }.transport()
        }
        let session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
        let answer = await session.connect(.init(target: Target(command: "one")))
        #expect(answer.verdict.contains(server.words), "\(answer.verdict)")
        await session.close()
    }

    @Test func withTheCurrentOneGoneTheOneBeforeIsCurrent() async {
        await connect("one", "two")
        let answer = await session.disconnect().json
        #expect(answer["was_connected"] == true)
        #expect(answer["metadata"]?["previous_connection"]?["name"] == "two")
        #expect(await answered() == "one")
    }

    @Test func oneMoreThanTheLimitIsRefusedAndTheOthersStay() async throws {
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy, maxConnections: 2) {
            _ in CannedServer { _, _ in nil }.transport()
        }
        let session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
        for name in ["one", "two"] {
            #expect(await session.connect(.init(target: Target(command: name), name: name)).failure == nil)
        }
        let refused = await session.connect(.init(target: Target(command: "three"), name: "three"))
        #expect(refused.failure?.failureClass == .usage)
        #expect(refused.failure?.message == "The session has 2 connections, which is the maximum.")
        // One under a name that is in use takes the place of the other.
        #expect(await session.connect(.init(target: Target(command: "two"), name: "two")).failure == nil)
        #expect(session.connections.map(\.name) == ["one", "two"])
        _ = await session.disconnect("one")
        #expect(await session.connect(.init(target: Target(command: "three"), name: "three")).failure == nil)
        await session.close()
    }

    @Test(arguments: [
        (Duration.seconds(45), Duration.seconds(45)), (.seconds(2), .seconds(10)), (.seconds(30), .seconds(10)),
    ])
    func whoGivesConnectingMoreTimeGivesItToEachConnectionOverHTTP(_ asked: Duration, _ had: Duration) async throws {
        let seen = Mutex<Duration?>(nil)
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy) { target in
            seen.withLock { $0 = target.endpoint?.limits.connect }
            return CannedServer { _, _ in nil }.transport()
        }
        let session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
        let target = try Target(HTTPEndpoint(url: "http://localhost:1/mcp"))
        _ = await session.connect(.init(target: target, limits: ConnectionLimits(connect: asked)))
        #expect(seen.withLock { $0 } == had)
        await session.close()
    }

    @Test func oneOfSeveralIsEndedByItsName() async {
        await connect("one", "two", "three")
        _ = await session.disconnect("two")
        #expect(session.connections.map(\.name) == ["one", "three"])
        #expect(await answered() == "three")
    }

    @Test func allAreEndedAtOnce() async {
        await connect("one", "two", "three")
        let answer = await session.disconnect(all: true).json
        #expect(
            answer["metadata"]?["previous_connections"]?.array?.compactMap { $0["name"]?.string } == [
                "one", "two", "three",
            ]
        )
        #expect(session.connections.isEmpty)
    }

    @Test func connectingUnderANameAgainEndsTheFormerConnection() async throws {
        await connect("one")
        let former = try #require(session.connections.first)
        _ = await session.connect(.init(target: Target(command: "x", name: "another"), name: "one"))
        #expect(former.client.link.end?.cause == .closedByUs)
        #expect(session.connections.count == 1)
        #expect(await answered(on: "one") == "another")
    }

    @Test("a failed reconnect keeps the connection that worked, and says so")
    func aFailedReconnectKeepsTheFormerConnection() async throws {
        let settings = TesterSettings(info: Implementation(name: "t", version: "1"), era: .legacy) { target in
            CannedServer { method, _ in
                if target.name == "broken" { return .error(#"{"code":-32603,"message":"no"}"#) }
                return method == "tools/call" ? .result(#"{"content":[{"type":"text","text":"hi"}]}"#) : nil
            }.transport()
        }
        let session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
        #expect(await session.connect(.init(target: Target(command: "working"))).failure == nil)
        let failed = await session.connect(.init(target: Target(command: "broken"))).json
        #expect(failed["error"]?["error_type"] == "connection_failed", "\(failed)")
        let message = failed["error"]?["message"]?.string ?? ""
        #expect(message.hasSuffix("The connection \"default\" to working is still open."), "\(message)")
        #expect(failed["error"]?["details"]?["open_connection"] == "default")
        #expect(await session.callTool("t").json["tool_call"]?["result"] == "hi")
        #expect(session.connections.count == 1)
        await session.close()
    }

    @Test func endingWhatIsNotThereIsNoFailure() async {
        #expect(await session.disconnect().json["was_connected"] == false)
        await connect("one")
        let answer = await session.disconnect("two").json
        #expect(answer["success"] == true)
        #expect(answer["was_connected"] == false)
        #expect(session.connections.map(\.name) == ["one"])
    }

    @Test func anUnknownNameIsToldWithThoseThatThereAre() async {
        await connect("one", "two")
        let answer = await session.callTool("t", with: CallOptions(on: "three")).json
        #expect(answer["error"]?["error_type"] == "not_connected")
        #expect(answer["error"]?["message"] == "Unknown connection \"three\". Open connections: one, two.")
        #expect(answer["error"]?["details"]?["connections"] == ["one", "two"])
    }

    @Test func whatIsDoneIsCountedOnItsConnection() async throws {
        await connect("one", "two")
        _ = await session.callTool("t", with: CallOptions(on: "one"))
        _ = await session.callTool("t", with: CallOptions(on: "one"))
        _ = await session.readResource("x:y", with: CallOptions(on: "one"))
        _ = await session.getPrompt("p", with: CallOptions(on: "one"))
        _ = await session.raw(.method("no/such", params: nil), on: "one")
        let one = try #require(session.status("one").json["connection"]?["statistics"])
        #expect(one == ["tools_called": 2, "resources_accessed": 1, "prompts_executed": 1, "errors": 1])
        let two = try #require(session.status("two").json["connection"]?["statistics"])
        #expect(two == ["tools_called": 0, "resources_accessed": 0, "prompts_executed": 0, "errors": 0])
    }

    @Test func statusTellsAllConnectionsAndHowLongThisOneLasts() async {
        await connect("one", "two")
        clock.advance(by: .seconds(90))
        let status = session.status("one").json
        #expect(status["connected"] == true)
        #expect(status["metadata"]?["connection_duration_seconds"] == 90)
        #expect(status["connections"]?.array?.map { $0["current"] } == [false, true])
        #expect(status["connection"]?["connected_at"]?.string?.hasSuffix("Z") == true)
    }

    @Test func twoSessionsShareNothing() async {
        await connect("one")
        let other = TesterSession(
            settings: TesterSettings(info: Implementation(name: "t", version: "1")) { _ in
                CannedServer { _, _ in nil }.transport()
            },
            clock: SystemTesterClock(clock)
        )
        #expect(await other.callTool("t", with: CallOptions(on: "one")).json["error"]?["error_type"] == "not_connected")
        await other.close()
        #expect(await answered() == "one")
    }

    private func connect(_ names: String...) async {
        for name in names {
            let answer = await session.connect(.init(target: Target(command: "x", name: name), name: name))
            #expect(answer.failure == nil, "\(answer.verdict)")
        }
    }

    private func answered(on name: String? = nil) async -> String? {
        await session.callTool("t", with: CallOptions(on: name)).json["tool_call"]?["result"]?.string
    }
}

import JSON
import MCPTransport
import TestSupport
import Tester
import TesterServer
import Testing

/// Whose a connection is, who else reaches it by its id, and when it ends by itself.
@Suite(.timeLimit(.minutes(15)))
struct OwnershipTests {
    @Test func aConnectionOfARequestServesTheNextRequestOfTheSamePrincipal() async throws {
        let tester = try TesterUnderTest()
        let connected = try await request(tester).answer("connect_to_server", ["command": "canned"])
        #expect(connected["success"] == true, "\(connected)")
        #expect(connected["metadata"]?["idle_timeout_seconds"] == 1800)
        let status = try await request(tester).answer("get_connection_status")
        #expect(status["connected"] == true)
        #expect(status["connection"]?["idle_timeout_seconds"] == 1800)
    }

    @Test func aConnectionOfASessionTellsNoIdleTimeForItEndsWithTheSession() async throws {
        let tester = try TesterUnderTest()
        let connected = try await TesterHost(tester).answer("connect_to_server", ["command": "canned"])
        #expect(connected["metadata"]?["idle_timeout_seconds"]?.isNull == true)
    }

    @Test func anotherPrincipalSeesNothingOfIt() async throws {
        let tester = try TesterUnderTest()
        let id = try await connect(request(tester, .subject("one")))
        let other = try await request(tester, .subject("two"))
        #expect(try await other.answer("get_connection_status")["connected"] == false)
        let answer = try await other.answer("call_tool", ["name": "t", "connection_name": .string(id)])
        #expect(answer["error"]?["error_type"] == "not_connected")
        #expect(answer["error"]?["message"]?.string == "Unknown connection \"\(id)\".", "as if it were unknown")
        #expect(try await other.answer("disconnect", ["connection_name": .string(id)])["was_connected"] == false)
        let own = try await request(tester, .subject("one")).answer("get_connection_status")
        #expect(own["connected"] == true)
    }

    @Test(arguments: TesterHost.Era.allCases)
    func anIDAddressesAConnectionFromEverySessionOfTheSamePrincipal(_ era: TesterHost.Era) async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let id = try await connect(TesterHost(tester))
        #expect(id.count == 32)
        let other = try await TesterHost(tester, era, span: era == .modern ? .request : .session)
        #expect(try await other.answer("call_tool", ["name": "t"])["error"]?["error_type"] == "not_connected")
        let byID: JSONObject = ["name": "t", "connection_name": .string(id)]
        #expect(try await other.answer("call_tool", byID)["success"] == true)
        let status = try await other.answer("get_connection_status", ["connection_name": .string(id)])
        #expect(status["connection"]?["connection_id"]?.string == id)
        let ended = try await other.answer("disconnect", ["connection_name": .string(id)])
        #expect(ended["was_connected"] == true)
        try await tester.tap.end.wait()
    }

    @Test func aConnectionThatOutlivesItsSessionIsThePrincipalsAndEndsWhenNobodyUsesIt() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        let host = try await TesterHost(tester)
        let connected = try await host.answer("connect_to_server", ["command": "canned", "outlives_session": true])
        #expect(connected["metadata"]?["idle_timeout_seconds"] == 1800)
        let id = try #require(connected["connection_id"]?.string, "\(connected)")
        let byID: JSONObject = ["name": "t", "connection_name": .string(id)]
        #expect(try await host.answer("call_tool", byID)["success"] == true)
        #expect(try await host.answer("get_connection_status")["connected"] == false, "it is not the session's")
        await host.wire.conversation.cancel()

        let next = try await TesterHost(tester)
        #expect(try await next.answer("call_tool", byID)["success"] == true)
        let foreign = try await TesterHost(tester, principal: .subject("other"))
        #expect(try await foreign.answer("call_tool", byID)["error"]?["error_type"] == "not_connected")
        tester.clock.advance(by: .seconds(1800))
        try await tester.tap.end.wait()
        let late = try await TesterHost(tester).answer("call_tool", byID)
        #expect(late["error"]?["message"]?.string?.contains("it was idle for 1800 s") == true, "\(late)")
    }

    @Test func noTwoConnectionsHaveTheSameID() async throws {
        let host = try await TesterHost(TesterUnderTest())
        #expect(try await connect(host) != connect(host))
    }

    @Test func aConnectionThatEndedWithItsSessionIsToldSoByItsID() async throws {
        let tester = try TesterUnderTest()
        let host = try await TesterHost(tester)
        let id = try await connect(host)
        await host.wire.conversation.cancel()
        try await tester.tap.end.wait()
        let other = try await TesterHost(tester)
        let answer = try await other.answer("list_tools", ["connection_name": .string(id)])
        let message = "Connection \(id) was closed because its session ended."
        #expect(answer["error"]?["message"]?.string == message)
        let status = try await other.answer("get_connection_status", ["connection_name": .string(id)])
        #expect(status["message"]?.string == String(message.dropLast()))
    }

    // MARK: - Idle connections

    @Test func aConnectionOfRequestsEndsWhenNobodyUsesIt() async throws {
        let tester = try TesterUnderTest()
        let id = try await connect(request(tester))
        tester.clock.advance(by: .seconds(1800))
        try await tester.tap.end.wait()
        let answer = try await request(tester).answer("list_tools", ["connection_name": .string(id)])
        #expect(answer["error"]?["message"]?.string?.contains("it was idle for 1800 s") == true, "\(answer)")
        let unnamed = try await request(tester).answer("list_tools")
        #expect(
            unnamed["error"]?["message"]?.string
                == "Not connected to any MCP server: connection \"default\" was closed because it was idle for 1800 s."
        )
        let status = try await request(tester).answer("get_connection_status")
        #expect(status["connected"] == false)
        #expect(status["message"]?.string?.contains("it was idle for 1800 s") == true, "\(status)")
        _ = try await connect(request(tester))
        _ = try await request(tester).answer("disconnect")
        #expect(try await request(tester).answer("get_connection_status")["message"] == "Not connected")
    }

    @Test func aUsedConnectionStays() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .result(#"{"content":[]}"#) : nil }
        _ = try await connect(request(tester))
        tester.clock.advance(by: .seconds(1500))
        #expect(try await request(tester).answer("call_tool", ["name": "t"])["success"] == true)
        tester.clock.advance(by: .seconds(1500))
        #expect(try await request(tester).answer("get_connection_status")["connected"] == true)
        tester.clock.advance(by: .seconds(300))
        try await tester.tap.end.wait()
    }

    @Test func aCallThatTakesLongerThanThatIsNotCutShort() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .silence : nil }
        _ = try await connect(request(tester))
        let host = try await request(tester)
        let arguments: JSONObject = ["name": "slow", "timeout": 5000]
        let id = host.wire.request("tools/call", host.callParams("call_tool", arguments))
        _ = try await tester.tap.sent.next("tools/call")
        tester.clock.advance(by: .seconds(4000))
        #expect(try await request(tester).answer("get_connection_status")["connected"] == true)
        tester.clock.advance(by: .seconds(1000))
        let answer = try await host.answer(to: id, of: "call_tool")
        #expect(answer?["failure_class"] == "timeout", "\(answer ?? nil)")
    }

    @Test func withTheTesterEverythingEnds() async throws {
        let tester = try TesterUnderTest()
        _ = try await connect(request(tester))
        let first = try tester.tap
        _ = try await connect(TesterHost(tester))
        await tester.sessions.close()
        try await first.end.wait()
        try await tester.tap.end.wait()
    }

    // MARK: - Steps

    /// A host of the modern era over HTTP, where each request has a conversation of its own.
    private func request(_ tester: TesterUnderTest, _ principal: Principal = .local) async throws -> TesterHost {
        try await TesterHost(tester, .modern, principal: principal, span: .request)
    }

    private func connect(_ host: TesterHost) async throws -> String {
        let answer = try await host.answer("connect_to_server", ["command": "canned"])
        return try #require(answer["connection_id"]?.string, "\(answer)")
    }
}

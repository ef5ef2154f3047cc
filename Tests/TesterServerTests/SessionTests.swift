import JSON
import JSONRPC
import MCPTransport
import TestSupport
import Tester
import Testing

/// What belongs to a conversation with a host stays with it and ends with it.
@Suite(.timeLimit(.minutes(15)))
struct SessionTests {
    @Test(arguments: TesterHost.Era.allCases)
    func twoHostsShareNoConnection(_ era: TesterHost.Era) async throws {
        let tester = try TesterUnderTest()
        let (one, other) = (try await TesterHost(tester, era), try await TesterHost(tester, era))
        try await one.call("connect_to_server", ["command": "canned", "name": "mine"])
        #expect(try await one.answer("get_connection_status")["connected"] == true)
        let status = try await other.answer("get_connection_status", ["connection_name": "mine"])
        #expect(status["connected"] == false)
        #expect(status["connections"] == [])
        #expect(try await other.answer("disconnect", ["all": true])["was_connected"] == false)
        #expect(try await one.answer("get_connection_status")["connected"] == true)
    }

    @Test(arguments: TesterHost.Era.allCases, [true, false])
    func theTargetsOfAHostEndWithIt(_ era: TesterHost.Era, _ inGoodOrder: Bool) async throws {
        let tester = try TesterUnderTest()
        let host = try await TesterHost(tester, era)
        try await host.call("connect_to_server", ["command": "canned", "name": "one"])
        let first = try tester.tap
        try await host.call("connect_to_server", ["command": "canned", "name": "two"])
        let second = try tester.tap
        if inGoodOrder { await host.wire.conversation.finish() } else { await host.wire.conversation.cancel() }
        try await first.end.wait()
        try await second.end.wait()
    }

    @Test func aHostThatCallsOffACallHasItCalledOffAtTheTarget() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .silence : nil }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        host.wire.request("tools/call", host.callParams("call_tool", ["name": "slow"]), id: "c")
        let tap = try tester.tap
        let call = try await tap.sent.next("tools/call")
        host.wire.notify("notifications/cancelled", ["requestId": "c"])
        let told = try await tap.sent.next("notifications/cancelled")
        #expect(told["params"]?["requestId"] == call["id"])
    }

    @Test func aHostThatLeavesDuringACallHasItCalledOff() async throws {
        let tester = try TesterUnderTest { method, _ in method == "tools/call" ? .silence : nil }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned"])
        host.wire.request("tools/call", host.callParams("call_tool", ["name": "slow"]), id: "c")
        let tap = try tester.tap
        _ = try await tap.sent.next("tools/call")
        await host.wire.conversation.cancel()
        try await tap.end.wait()
    }

    @Test(arguments: TesterHost.Era.allCases)
    func noSecretOfAHostStandsInAnyAnswer(_ era: TesterHost.Era) async throws {
        let failing = try TesterUnderTest { method, _ in
            method == "tools/call" ? .error(#"{"code":-32603,"message":"no"}"#) : nil
        }
        let host = try await TesterHost(failing, era)
        let secrets: JSONObject = [
            "command": "canned", "env": ["API_KEY": "s3cret-1"], "headers": ["Authorization": "Bearer s3cret-2"],
            "auth": ["type": "bearer", "token": "s3cret-3"],
        ]
        #expect(try await host.answer("connect_to_server", secrets)["success"] == true)
        try await host.call("call_tool", ["name": "t"])
        try await host.call("get_connection_status")
        try await host.call("list_tools")
        try await host.call("disconnect")
        var wrong = secrets
        wrong["protocol"] = "nonsense"
        try await host.call("connect_to_server", wrong)
        let refusing = try await TesterHost(TesterUnderTest { _, _ in .error(#"{"code":1,"message":"no"}"#) }, era)
        #expect(try await refusing.answer("connect_to_server", secrets)["success"] == false)
        let frames = host.wire.inbox.frames + refusing.wire.inbox.frames
        #expect(frames.count >= 7)
        for frame in frames {
            #expect(!String(decoding: frame, as: UTF8.self).contains("s3cret"))
        }
    }
}

import JSON
import TestSupport
import Testing

/// Cancelled calls.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct CancellationTests {
    @Test func aCallThatTheHostCancelsIsCancelledAtTheTargetAndGetsNoResponse() async throws {
        let host = try await Host.connected()
        let target = try FaultyServer("cancel-aware")
        try await host.connect(to: [FaultyServer.python] + target.arguments)
        let call = host.request("tools/call", ["name": "call_tool", "arguments": ["name": "echo"]])
        #expect(try await cancellations(host).isEmpty)
        host.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(call)}}"#)
        // A later call may overtake the cancellation.
        var cancelled: [JSONValue] = []
        for _ in 1...100 where cancelled.isEmpty { cancelled = try await cancellations(host) }
        #expect(cancelled.count == 1)
        let wire = try target.log()
        let sent = wire.first { $0["params"]?["name"] == "echo" }
        #expect(cancelled.first?["requestId"] != nil && cancelled.first?["requestId"] == sent?["id"], "\(wire)")
        let run = await host.finish()
        #expect(run.code == 0)
        #expect(try !run.messages().contains { $0["id"]?.int == call }, "\(run)")
    }

    @Test func aCallThatTimesOutIsCancelledAtTheTargetAndTheConnectionStaysOpen() async throws {
        let host = try await Host.connected()
        let target = try FaultyServer("cancel-aware")
        try await host.connect(to: [FaultyServer.python] + target.arguments)
        let answer = try await host.call("call_tool", ["name": "echo", "timeout": 0.1])
        #expect(answer["error"]?["error_type"] == "timeout", "\(answer)")
        #expect(try await cancellations(host).count == 1)
        #expect(try target.methods().contains("notifications/cancelled"))
        #expect(await host.finish().code == 0)
    }

    /// The cancellations that the target has received; this is the only call it responds to.
    private func cancellations(_ host: Host) async throws -> [JSONValue] {
        let answer = try await host.call("call_tool", ["name": "cancellations"])
        let text = try #require(answer["tool_call"]?["result"]?.string, "\(answer)")
        return try #require(try JSONValue(parsing: text)["cancelled"]?.array)
    }
}

import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport
import Synchronization
import TestSupport
import Testing

/// In whatever order responses, input requests, cancellations, timeouts and the end come, each call ends exactly once.
///
/// The time limit checks that it ends; the continuations of the peer, which trap, check that it ends once.
@Suite(.timeLimit(.minutes(3)))
struct ExactlyOnceTests {
    @Test(arguments: [Revision.v2025_11_25, .latest], 0..<40)
    func eachCallEndsExactlyOnce(_ revision: Revision, _ seed: Int) async throws {
        var random = SplitMix(seed: UInt64(seed))
        let clock = FakeClock()
        let open = Mutex<[JSONValue]>([])
        let server = TalkingServer(revision, clock: clock) { _, message in
            if message["method"] == "tools/call" { open.withLock { $0.append(message) } }
        }
        let gate = Gate()
        let client = try await server.connect { options in
            options.input = .all { question throws(InputRefusal) in
                // Some handlers answer at once, some wait until the test is over or they are cancelled.
                if question.params["wait"] != nil {
                    do { try await gate.wait() } catch { throw .cancelled }
                }
                return question.kind == .roots ? ["roots": []] : ["action": "decline"]
            }
        }
        var calls: [Task<CallResult, any Error>] = []
        for step in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2:
                let limit = Duration.seconds(Int.random(in: 1...20, using: &random))
                calls.append(
                    Task {
                        try await client.callTool("t\(step)", limits: CallLimits(request: limit, idle: .seconds(9)))
                    }
                )
            case 3: calls.randomElement(using: &random)?.cancel()
            case 4: clock.advance(by: .seconds(Int.random(in: 1...5, using: &random)))
            case 5:
                let wait = Bool.random(using: &random) ? #"{"wait":1}"# : "{}"
                server.ask(Bool.random(using: &random) ? "roots/list" : "no/such", wait, id: "\"q\(step)\"")
            case 6: server.notify("notifications/cancelled", #"{"requestId":"q\#(step - 1)"}"#)
            default:
                guard let message = open.withLock(\.self).randomElement(using: &random) else { continue }
                Self.answer(message, on: server, using: &random)
            }
            await Task.yield()
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: await client.close()
        case 1: gate.open()
        default: for call in calls { call.cancel() }
        }
        // Whatever still waits runs into its limit.
        let end = Task {
            while !Task.isCancelled {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }
        for call in calls { _ = await call.result }
        end.cancel()
        await end.value
        await client.close()
        gate.open()
        // Each question was answered once at most.
        let answered = try server.answers().compactMap { $0["id"] }
        #expect(Set(answered).count == answered.count, "\(answered)")
        let ids = try server.requests("tools/call").compactMap { $0["id"] }
        #expect(Set(ids).count == ids.count)
        let cancelled = try server.requests("notifications/cancelled").compactMap { $0["params"]?["requestId"] }
        #expect(Set(cancelled).count == cancelled.count, "\(cancelled)")
    }

    /// Answers a call in one of many ways, perhaps for the second time.
    private static func answer(_ message: JSONValue, on server: TalkingServer, using random: inout SplitMix) {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: server.refuse(message, #"{"code":-1,"message":"no"}"#)
        case 1:
            server.answer(
                message,
                #"{"resultType":"input_required","inputRequests":{"r":{"method":"roots/list","params":{"wait":1}}}}"#
            )
        case 2:
            server.answer(message, #"{"resultType":"input_required","inputRequests":{"r":{"method":"roots/list"}}}"#)
        case 3: server.answer(message, #"{"resultType":"input_required","requestState":"s"}"#)
        case 4:
            guard let token = message["params"]?["_meta"]?["progressToken"] else { return }
            server.notify("notifications/progress", #"{"progressToken":\#(token),"progress":1}"#)
        default: server.answer(message, #"{"resultType":"complete","content":[]}"#)
        }
    }
}

/// Random numbers that are the same every time.
private struct SplitMix: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

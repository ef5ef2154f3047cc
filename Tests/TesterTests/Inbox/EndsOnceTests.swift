import JSON
import MCP
import MCPClient
import Synchronization
import TestSupport
import Tester
import Testing

/// Whatever order answers, cancellations, limits and disconnections come in, each call ends exactly once.
@Suite(.timeLimit(.minutes(15)))
struct EndsOnceTests {
    /// What came of the calls so far.
    private final class Ledger: Sendable {
        private let state = Mutex((ids: [String](), ends: [String: Int]()))

        /// The ids of all calls that waited at some time.
        var ids: [String] { state.withLock { $0.ids } }
        var ends: [String: Int] { state.withLock { $0.ends } }

        /// Notes the answer to a call, or to a respond of that id.
        func note(_ answer: Report, _ name: String) {
            state.withLock { state in
                if let pending = answer.pending {
                    if !state.ids.contains(pending.callID) { state.ids.append(pending.callID) }
                } else if answer.failure?.failureClass != .usage {
                    state.ends[name, default: 0] += 1
                }
            }
        }
    }

    @Test(arguments: [CannedServer.Era.legacy, .modern], 0..<40)
    func eachCallEndsOnceWhateverHappens(_ era: CannedServer.Era, _ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let clock = FakeClock()
        let rounds: [[InputRequestingServer.Question]] = [[.form("a"), .form("b")], [.form("c")]]
        let session = TesterSession(
            settings: TesterSettings(info: Implementation(name: "tester-tests", version: "1")) { _ in
                InputRequestingServer(era, rounds: rounds).transport()
            },
            clock: SystemTesterClock(clock)
        )
        let names = ["one", "two", "three"]
        for name in names { _ = await session.connect(.init(target: Target(command: "asking"), name: name)) }
        let ledger = Ledger()
        var calls = 0
        var hasWaited = false
        var tasks: [Task<Void, Never>] = []
        for _ in 0..<50 {
            let name = try #require(names.randomElement(using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0...2:
                calls += 1
                let call = "call \(calls)"
                tasks.append(
                    Task { ledger.note(await session.callTool("ask", with: CallOptions(on: name)), call) }
                )
            case 3...8:
                guard let id = ledger.ids.randomElement(using: &random) else { continue }
                let answers: [JSONObject] = [
                    ["a": ["action": "decline"]], ["b": ["content": ["name": "x"]]], ["c": ["action": "cancel"]],
                    ["a": ["action": "decline"], "b": ["action": "decline"]], ["a": ["content": 7]], [:],
                ]
                let answer = answers.randomElement(using: &random) ?? [:]
                tasks.append(Task { ledger.note(await session.respond(id, with: answer), id) })
            case 9: tasks.randomElement(using: &random)?.cancel()
            case 10 where seed.isMultiple(of: 2):
                clock.advance(by: .seconds(Int.random(in: 1...400, using: &random)))
                hasWaited = true
            case 10: clock.advance(by: .seconds(1))
            default:
                _ = await session.connect(.init(target: Target(command: "asking"), name: name))
            }
            for _ in 0..<Int.random(in: 0..<4, using: &random) { await Task.yield() }
        }
        await session.close()
        for task in tasks { await task.value }
        // What nobody asked for yet is told now, and never again; or it was forgotten, for nobody came for it in time.
        var forgotten = 0
        for id in ledger.ids {
            for _ in 0..<2 { ledger.note(await session.respond(id, with: [:]), id) }
            if ledger.ends[id] == nil { forgotten += 1 }
        }
        let ends = ledger.ends
        #expect(ends.values.allSatisfy { $0 == 1 }, "\(ends)")
        #expect(ends.count + forgotten == calls, "\(ends) and \(forgotten) of \(calls) calls")
        if !hasWaited { #expect(forgotten == 0) }
    }
}

/// Random numbers that are the same every time.
private struct SeededRandom: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

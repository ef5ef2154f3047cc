import AsyncRuntime
import Synchronization
import Tester

/// Runs cases, each with a process of its own unless they share one, several at the same time.
package struct SuiteRunner: Sendable {
    let cases: [SuiteCase]
    let settings: RunSettings

    /// Creates a runner.
    ///
    /// - Parameter cases: The selected cases, in the order of the reports.
    package init(_ cases: [SuiteCase], settings: RunSettings) {
        self.cases = cases
        self.settings = settings
    }

    /// Runs all cases, or until the calling task is cancelled; then those that did not run are skipped.
    ///
    /// - Parameter onEvent: Called for each event, one at a time.
    package func run(onEvent: @escaping @Sendable (RunEvent) -> Void) async -> RunSummary {
        let began = settings.clock.now
        let queue = WorkQueue(units)
        let events = OrderedEvents(onEvent)
        let surfaces = SurfaceCache()
        onEvent(.runStarted(cases: cases.count, files: Set(cases.map(\.file)).count, shard: settings.shard))
        await withDiscardingTaskGroup { group in
            for _ in 0..<max(1, min(settings.jobs, queue.count)) {
                group.addTask {
                    while let unit = queue.next() { await run(unit, queue, events, surfaces) }
                }
            }
        }
        var summary = events.summary
        summary.elapsed = began.duration(to: settings.clock.now)
        summary.wasInterrupted = Task.isCancelled
        onEvent(.runFinished(summary))
        return summary
    }

    private func run(
        _ unit: [Int],
        _ queue: WorkQueue,
        _ events: OrderedEvents,
        _ surfaces: SurfaceCache
    ) async {
        let shared = cases[unit[0]].isolation == .perFile && cases[unit[0]].client.isDefault ? SharedConnection() : nil
        for index in unit {
            if let reason = queue.stopReason ?? (Task.isCancelled ? "interrupted" : nil) {
                var result = CaseResult(cases[index], index: index)
                result.outcome = .skipped
                result.reason = reason
                events.finish(result)
                continue
            }
            events.start(cases[index].id)
            let result = await CaseRun(
                suiteCase: cases[index],
                index: index,
                settings: settings,
                surfaces: surfaces,
                shared: shared
            ).run()
            events.finish(result)
            if settings.failsFast, result.outcome == .failed || result.outcome == .error {
                queue.stop(because: "not run, because an earlier case failed (--fail-fast)")
            }
        }
        await shared?.close()
    }

    /// The numbers of the cases that run one after the other: those that share a connection, and each other case alone.
    private var units: [[Int]] {
        var units: [[Int]] = []
        var shared: [String: Int] = [:]
        for (index, suiteCase) in cases.enumerated() {
            guard suiteCase.isolation == .perFile, suiteCase.client.isDefault else {
                units.append([index])
                continue
            }
            let key = "\(suiteCase.file) \(suiteCase.server.name)"
            if let unit = shared[key] {
                units[unit].append(index)
            } else {
                shared[key] = units.count
                units.append([index])
            }
        }
        guard let seed = settings.seed else { return units }
        var generator = SeededGenerator(state: seed)
        return units.shuffled(using: &generator)
    }
}

/// The units that have not started yet.
private final class WorkQueue: Sendable {
    let count: Int
    private let units: [[Int]]
    private let state = Mutex<(next: Int, stopReason: String?)>((0, nil))

    init(_ units: [[Int]]) {
        self.units = units
        count = units.count
    }

    func next() -> [Int]? {
        state.withLock { state in
            guard state.next < units.count else { return nil }
            state.next += 1
            return units[state.next - 1]
        }
    }

    /// Why no further case is started.
    var stopReason: String? { state.withLock { $0.stopReason } }

    func stop(because reason: String) {
        state.withLock { $0.stopReason = reason }
    }
}

/// Passes results on in the order of the cases, however they run.
private final class OrderedEvents: Sendable {
    private struct State {
        var next = 0
        var waiting: [Int: CaseResult] = [:]
        var summary = RunSummary()
    }

    private let onEvent: @Sendable (RunEvent) -> Void
    private let state = Mutex(State())

    init(_ onEvent: @escaping @Sendable (RunEvent) -> Void) {
        self.onEvent = onEvent
    }

    var summary: RunSummary { state.withLock { $0.summary } }

    func start(_ id: String) {
        state.withLock { _ in onEvent(.caseStarted(id: id)) }
    }

    func finish(_ result: CaseResult) {
        // Under the lock, so that events stay in order.
        state.withLock { state in
            state.summary.add(result)
            state.waiting[result.index] = result
            while let result = state.waiting.removeValue(forKey: state.next) {
                state.next += 1
                onEvent(.caseFinished(result))
            }
        }
    }
}

/// SplitMix64, so that a seed gives the same order everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

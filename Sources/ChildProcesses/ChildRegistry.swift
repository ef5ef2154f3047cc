import AsyncRuntime
import Synchronization

/// A start of a child that has not finished; the latch opens when the child is in the registry or has failed to start.
typealias PendingStart = Latch<Void>

/// The children of this process that have not exited yet, and the starts that have not finished.
enum ChildRegistry {
    private struct State {
        var children: [Int32: ChildProcess] = [:]
        var starts: [ObjectIdentifier: PendingStart] = [:]
    }

    private static let state = Mutex(State())

    static func addStart() -> PendingStart {
        let start = PendingStart()
        state.withLock { $0.starts[ObjectIdentifier(start)] = start }
        return start
    }

    static func removeStart(_ start: PendingStart) {
        state.withLock { $0.starts[ObjectIdentifier(start)] = nil }
        start.open(())
    }

    static func add(_ child: ChildProcess) {
        state.withLock { $0.children[child.processID] = child }
    }

    static func remove(_ child: ChildProcess) {
        state.withLock { $0.children[child.processID] = nil }
    }

    static var all: [ChildProcess] {
        state.withLock { Array($0.children.values) }
    }

    static var starts: [PendingStart] {
        state.withLock { Array($0.starts.values) }
    }
}

extension ChildProcess {
    /// Shuts down all children at the same time, those that are starting included; for the end of the program.
    ///
    /// A child that exits may be replaced, as when a server does not survive the detection of its era: the replacement is
    /// shut down, too. A start that takes longer than both times of the grace is not waited for.
    package static func shutdownAll(grace: Grace = Grace()) async {
        let loop = PollLoop.shared
        let limit = loop.schedule(at: loop.now + grace.endOfInput + grace.terminate) {
            for start in ChildRegistry.starts { ChildRegistry.removeStart(start) }
        }
        while true {
            let (starts, children) = (ChildRegistry.starts, ChildRegistry.all)
            if starts.isEmpty, children.isEmpty { break }
            await withDiscardingTaskGroup { group in
                for start in starts { group.addTask { await start.wait() } }
                for child in children { group.addTask { _ = await child.shutdown(grace: grace) } }
            }
        }
        limit.cancel()
    }
}

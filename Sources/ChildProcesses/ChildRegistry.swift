import Synchronization

/// The children of this process that have not exited yet.
enum ChildRegistry {
    private static let children = Mutex<[Int32: ChildProcess]>([:])

    static func add(_ child: ChildProcess) {
        children.withLock { $0[child.processID] = child }
    }

    static func remove(_ child: ChildProcess) {
        children.withLock { $0[child.processID] = nil }
    }

    static var all: [ChildProcess] {
        children.withLock { Array($0.values) }
    }
}

extension ChildProcess {
    /// Shuts down all children at the same time; for the end of the program.
    ///
    /// Returns when the last one has exited, at the latest when both times of the grace are over.
    package static func shutdownAll(grace: Grace = Grace()) async {
        await withDiscardingTaskGroup { group in
            for child in ChildRegistry.all {
                group.addTask { _ = await child.shutdown(grace: grace) }
            }
        }
    }
}

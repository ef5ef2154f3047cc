import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TextUtilities

/// The tasks of a server: found by their names, each only by its owner, and kept for a time.
///
/// Source: 2025-11-25, "Tasks", security; extension `io.modelcontextprotocol/tasks`.
final class TaskStore: Sendable {
    private struct Entry {
        let task: ServerTask
        let owner: StateOwner
        let number: Int
        let expiry: ScheduledAction
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var count = 0
    }

    private let terms: TaskTerms
    private let scheduler: any Scheduler
    private let executor: (any TaskExecutor)?
    private let onChange: @Sendable (TaskSnapshot) -> Void
    private let state = Mutex(State())

    /// Creates a store without tasks.
    ///
    /// - Parameter onChange: Is told how each task stands whenever it has changed.
    init(
        _ terms: TaskTerms,
        scheduler: any Scheduler,
        executor: (any TaskExecutor)?,
        onChange: @escaping @Sendable (TaskSnapshot) -> Void
    ) {
        self.terms = terms
        self.scheduler = scheduler
        self.executor = executor
        self.onChange = onChange
    }

    /// Makes a task of a request and begins its work.
    ///
    /// - Parameter lifetime: For how many milliseconds the client wants it kept, if it says so.
    /// - Returns: How the task stands before anything was done.
    /// - Throws: An error for the client that has too many.
    func begin(
        _ work: @escaping ServerTask.Work,
        for context: RequestContext,
        lifetime: Int?
    ) throws(RPCError) -> TaskSnapshot {
        let wished = lifetime.map { Duration.milliseconds(max(0, $0)) } ?? terms.lifetime
        let lifetime = min(wished, terms.longestLifetime)
        let now = Timestamp.now
        let snapshot = TaskSnapshot(
            id: Self.newID(),
            owner: context.owner,
            createdAt: now,
            updatedAt: now,
            lifetime: lifetime.wholeMilliseconds,
            pollInterval: terms.pollInterval.wholeMilliseconds
        )
        let task = ServerTask(snapshot, onChange: onChange)
        let expiry = scheduler.schedule(at: scheduler.now.advanced(by: lifetime)) { [weak self] in
            self?.expire(snapshot.id)
        }
        let isTaken = state.withLock { state in
            guard state.entries.values.count(where: { $0.owner == snapshot.owner }) < terms.limit else { return false }
            state.count += 1
            let entry = Entry(task: task, owner: snapshot.owner, number: state.count, expiry: expiry)
            state.entries[snapshot.id] = entry
            return true
        }
        guard isTaken else {
            expiry.cancel()
            throw .internalError("there are \(terms.limit) tasks of this client already; wait until one has expired")
        }
        task.begin(work, context.detached(), executor: executor)
        return snapshot
    }

    /// The task of that name.
    ///
    /// - Throws: An error for the client, the same whether there is none or it is somebody else's.
    func task(_ id: String, of owner: StateOwner) throws(RPCError) -> ServerTask {
        guard let entry = state.withLock({ $0.entries[id] }), entry.owner == owner else {
            throw .invalidParams("there is no task \"\(id)\"; it may have expired")
        }
        return entry.task
    }

    /// Tells whether somebody may know of a task.
    func has(_ id: String, of owner: StateOwner) -> Bool {
        state.withLock { $0.entries[id]?.owner == owner }
    }

    /// The tasks of an owner, the oldest first.
    func all(of owner: StateOwner) -> [TaskSnapshot] {
        let entries = state.withLock { state in state.entries.values.filter { $0.owner == owner } }
        return entries.sorted { $0.number < $1.number }.map(\.task.snapshot)
    }

    /// Calls all tasks of an owner off, forgets them and waits until their work has stopped.
    func end(_ owner: StateOwner) async {
        let entries = state.withLock { state in
            let own = state.entries.filter { $0.value.owner == owner }
            for id in own.keys { state.entries[id] = nil }
            return Array(own.values)
        }
        for entry in entries {
            entry.expiry.cancel()
            entry.task.end(.cancelled)
        }
        for entry in entries { await entry.task.stopped() }
    }

    private func expire(_ id: String) {
        state.withLock { $0.entries.removeValue(forKey: id) }?.task.end(.cancelled)
    }

    /// A name of 128 bits from the system's source of randomness.
    private static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

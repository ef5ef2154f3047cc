import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import Synchronization
import TextUtilities

/// The tasks of a server by ID, each visible to its owner only and kept for a limited time.
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
        var lastNumber = 0

        /// Adds a task unless its owner has as many as the limit allows.
        mutating func add(_ task: ServerTask, _ snapshot: TaskSnapshot, expiry: ScheduledAction, limit: Int) -> Bool {
            guard entries.values.count(where: { $0.owner == snapshot.owner }) < limit else { return false }
            lastNumber += 1
            entries[snapshot.id] = Entry(task: task, owner: snapshot.owner, number: lastNumber, expiry: expiry)
            return true
        }

        mutating func removeAll(of owner: StateOwner) -> [Entry] {
            let removed = entries.filter { $0.value.owner == owner }
            for id in removed.keys { entries[id] = nil }
            return Array(removed.values)
        }
    }

    private let settings: TaskSettings
    private let scheduler: any Scheduler
    private let executor: (any TaskExecutor)?
    private let onChange: @Sendable (TaskSnapshot) -> Void
    private let state = Mutex(State())

    /// Creates an empty store.
    ///
    /// - Parameter onChange: Called with a task after each change of its status.
    init(
        _ settings: TaskSettings,
        scheduler: any Scheduler,
        executor: (any TaskExecutor)?,
        onChange: @escaping @Sendable (TaskSnapshot) -> Void
    ) {
        self.settings = settings
        self.scheduler = scheduler
        self.executor = executor
        self.onChange = onChange
    }

    /// Creates a task for a request and starts its work.
    ///
    /// - Parameter lifetime: the lifetime in milliseconds that the client requests, if any.
    /// - Returns: the task before its work started.
    /// - Throws: an error for the client if it has too many tasks.
    func start(
        _ work: @escaping ServerTask.Work,
        for context: RequestContext,
        lifetime: Int?
    ) throws(RPCError) -> TaskSnapshot {
        let requested = lifetime.map { Duration.milliseconds(max(0, $0)) } ?? settings.lifetime
        let lifetime = min(requested, settings.maximumLifetime)
        let now = Timestamp.now
        let snapshot = TaskSnapshot(
            id: randomIdentifier(),
            owner: context.owner,
            createdAt: now,
            updatedAt: now,
            lifetime: lifetime.wholeMilliseconds,
            pollInterval: settings.pollInterval.wholeMilliseconds
        )
        let task = ServerTask(snapshot, onChange: onChange)
        let expiry = scheduler.schedule(at: scheduler.now.advanced(by: lifetime)) { [weak self] in
            self?.expire(snapshot.id)
        }
        let limit = settings.limit
        guard state.withLock({ $0.add(task, snapshot, expiry: expiry, limit: limit) }) else {
            expiry.cancel()
            throw .internalError("too many tasks: this client already has \(limit); wait until one expires")
        }
        task.start(work, context.detached(), executor: executor)
        return snapshot
    }

    /// Returns the task with an ID.
    ///
    /// - Throws: an error for the client. It does not reveal whether another owner has the task.
    func task(_ id: String, of owner: StateOwner) throws(RPCError) -> ServerTask {
        guard let task = find(id, of: owner) else {
            throw .invalidParams("unknown task \"\(id)\"; it may have expired")
        }
        return task
    }

    /// Returns the task with an ID, if the owner may see it.
    func find(_ id: String, of owner: StateOwner) -> ServerTask? {
        guard let entry = state.withLock({ $0.entries[id] }), entry.owner == owner else { return nil }
        return entry.task
    }

    /// Returns the tasks of an owner, oldest first.
    func all(of owner: StateOwner) -> [TaskSnapshot] {
        let entries = state.withLock { state in state.entries.values.filter { $0.owner == owner } }
        return entries.sorted { $0.number < $1.number }.map(\.task.snapshot)
    }

    /// Cancels and removes all tasks of an owner, and waits until their work has stopped.
    func removeAll(of owner: StateOwner) async {
        let entries = state.withLock { $0.removeAll(of: owner) }
        for entry in entries {
            entry.expiry.cancel()
            entry.task.end(.cancelled)
        }
        for entry in entries { await entry.task.waitUntilFinished() }
    }

    private func expire(_ id: String) {
        state.withLock { $0.entries.removeValue(forKey: id) }?.task.end(.cancelled)
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

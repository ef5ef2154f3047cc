import AsyncRuntime
import Platform

/// Kills our children's process groups when this process dies, even by SIGKILL.
///
/// The guard is a shell in a session of its own that reads process groups from a pipe. When the pipe has no
/// writer any more, because the system closes it however we die, it kills the groups that are left and exits. A grandchild that
/// left its group with setsid(2) or setpgid(2) escapes.
///
/// A guard that fails never harms what it guards: if it exits or is stopped, or if its pipe is full because it does not
/// read, it is killed before its pipe is closed, and another one starts that knows all groups. Nothing here blocks the
/// loop: each guard is started and waited for on a thread of its own.
final class ProcessGuard: Sendable {
    static let shared = ProcessGuard(on: .shared)

    enum Event: Sendable, Equatable {
        case started(pid_t)
        case reaped(pid_t)
    }

    private enum Phase {
        case idle
        /// A new guard is starting that was given these groups.
        case starting(with: Set<pid_t>)
        case running(GuardProcess, since: ContinuousClock.Instant)
        /// The last guard failed; the next one starts after ``retryDelay``.
        case waiting
    }

    private struct State {
        var phase = Phase.idle
        var groups: Set<pid_t> = []
        /// What to call when the guard knows all groups.
        var completions: [@Sendable () -> Void] = []
        var failure: SystemError?
    }

    /// How long a guard must have run to be replaced at once, and how long to wait otherwise.
    private let retryDelay: Duration
    private let loop: PollLoop
    private let state: LoopBound<State>
    private let observe: @Sendable (Event) -> Void

    /// Creates a guard, whose process starts with the first group.
    ///
    /// - Parameter observe: called on the loop, for tests.
    init(
        on loop: PollLoop,
        retryDelay: Duration = .seconds(1),
        observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.loop = loop
        self.retryDelay = retryDelay
        self.observe = observe
        state = LoopBound(State(), on: loop)
    }

    /// Why the guard could not be started; children run without it then.
    ///
    /// Read this on the loop.
    var failure: SystemError? { state.value.failure }

    /// The guard's process, while it runs.
    ///
    /// Read this on the loop.
    var processID: pid_t? {
        if case .running(let process, _) = state.value.phase { process.id } else { nil }
    }

    /// Adds a process group and calls `completion` on the loop when the guard knows it, or cannot be started.
    ///
    /// The first group starts the guard: call this when the group's process runs already, so that both start at the
    /// same time.
    func protect(_ group: pid_t, then completion: @escaping @Sendable () -> Void = {}) {
        loop.addOrRun { [self] in
            state.value.groups.insert(group)
            switch state.value.phase {
            case .running(let process, _):
                if process.send("+ \(group)\n") { return completion() }
                state.value.completions.append(completion)
                replace(process)
            case .idle:
                state.value.completions.append(completion)
                start()
            case .starting:
                state.value.completions.append(completion)
            case .waiting:
                completion()
            }
        }
    }

    /// Removes a process group; call this while its ID cannot belong to another process yet.
    func release(_ group: pid_t) {
        loop.addOrRun { [self] in
            guard state.value.groups.remove(group) != nil else { return }
            if case .running(let process, _) = state.value.phase, !process.send("- \(group)\n") { replace(process) }
        }
    }

    /// Does on purpose what our death does: the groups that are left are killed, and the guard exits.
    func abandon() {
        loop.addOrRun { [self] in
            state.value.groups = []
            if case .running(let process, _) = state.value.phase { process.letGo() }
            state.value.phase = .idle
        }
    }

    // MARK: Start

    private func start() {
        let groups = state.value.groups
        state.value.phase = .starting(with: groups)
        do {
            try startThread(stackSize: 256 << 10) { [self] in run(guarding: groups) }
        } catch {
            startFailed(error)
        }
    }

    /// Starts a process and waits for its end, on a thread of its own.
    private func run(guarding groups: Set<pid_t>) {
        do throws(SystemError) {
            let process = try GuardProcess.start(guarding: groups, on: loop)
            loop.add { self.started(process) }
            if case .stopped = process.waitUntilStoppedOrExited() {
                loop.add { self.replace(process) }
                waitWithoutReaping(process.id)
            }
            loop.add { self.exited(process) }
        } catch {
            loop.add { self.startFailed(error) }
        }
    }

    private func started(_ process: GuardProcess) {
        guard case .starting(let known) = state.value.phase else { return process.kill() }
        state.value.failure = nil
        state.value.phase = .running(process, since: loop.now)
        observe(.started(process.id))
        let groups = state.value.groups
        let changes = groups.subtracting(known).map { "+ \($0)\n" } + known.subtracting(groups).map { "- \($0)\n" }
        if changes.allSatisfy({ process.send($0) }) { complete() } else { replace(process) }
    }

    private func startFailed(_ error: SystemError) {
        state.value.failure = error
        retryLater()
    }

    private func complete() {
        let completions = state.value.completions
        state.value.completions = []
        for completion in completions { completion() }
    }

    // MARK: Failure

    private func exited(_ process: GuardProcess) {
        replace(process)
        process.reap()
        observe(.reaped(process.id))
    }

    /// Kills a process that does not do its work, or no longer exists, and starts another if it was the current one.
    private func replace(_ process: GuardProcess) {
        process.kill()
        guard case .running(let current, let since) = state.value.phase, current === process else { return }
        if state.value.groups.isEmpty {
            state.value.phase = .idle
            complete()
        } else if since.duration(to: loop.now) < retryDelay {
            retryLater()
        } else {
            start()
        }
    }

    private func retryLater() {
        state.value.phase = .waiting
        _ = loop.schedule(at: loop.now + retryDelay) { [self] in
            guard case .waiting = state.value.phase else { return }
            if state.value.groups.isEmpty { state.value.phase = .idle } else { start() }
        }
        complete()
    }
}

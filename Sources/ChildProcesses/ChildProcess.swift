package import AsyncRuntime
import Platform
import Synchronization

/// A running child process with pipes on its standard streams, in a process group that ends with it.
///
/// Its output and its end are reported on the loop, in this order: lines, the end of output, exit. When the child has
/// exited, everything left in its group is killed before the child is reaped, because until then its ID cannot belong to
/// another process.
public final class ChildProcess: Sendable {
    enum Phase {
        /// The process runs, but nothing of it is reported before its guard knows it.
        case starting(hasExited: Bool)
        case running
        /// The process is reaped: its ID may belong to another one.
        case reaped
    }

    struct State {
        var phase = Phase.starting(hasExited: false)
        var output: LineReader?
        var errors: LineReader?
        var shutdown: ShutdownProgress?
        var onExit: (@Sendable (ExitReport) -> Void)?
    }

    /// What may still be in a pipe whose writer has exited; more comes only from a writer that left the group.
    private static let drainLimit = 4 << 20

    package let command: Command
    /// The child's process ID, which is also its process group's.
    package let processID: Int32
    private let loop: PollLoop
    private let input: OutputWriter
    private let state: LoopBound<State>
    private let evidence: Mutex<Evidence>
    private let exit = Latch<ExitReport>()

    private init(_ command: Command, _ spawned: SpawnedChild, on loop: PollLoop, _ limits: Limits) {
        self.command = command
        processID = spawned.processID
        self.loop = loop
        makeNonBlocking(spawned.input)
        input = OutputWriter(sink: .nonBlocking(spawned.input), loop: loop)
        state = LoopBound(State(), on: loop)
        evidence = Mutex(Evidence(stderrCapacity: limits.stderr))
    }

    // MARK: Start

    /// Starts a process; may block.
    typealias Start = @Sendable (Command) throws(SpawnFailure) -> SpawnedChild

    /// Starts a child and returns once it runs the new program.
    ///
    /// The blocking calls happen on a thread of the child's own: the start, which may take long on a slow file system,
    /// and the wait for its end. If the calling task is cancelled meanwhile, the child is killed as soon as it runs.
    package static func spawn(
        _ command: Command,
        on loop: PollLoop = .shared,
        limits: Limits = Limits(),
        handlers: Handlers
    ) async throws(SpawnFailure) -> ChildProcess {
        try await spawn(command, on: loop, limits: limits, handlers: handlers, SpawnedChild.start)
    }

    /// As above, with a start that tests choose.
    static func spawn(
        _ command: Command,
        on loop: PollLoop = .shared,
        limits: Limits = Limits(),
        handlers: Handlers,
        _ start: @escaping Start
    ) async throws(SpawnFailure) -> ChildProcess {
        let started = Latch<Result<ChildProcess, SpawnFailure>>()
        let pending = ChildRegistry.addStart()
        do {
            try startThread(stackSize: 256 << 10) { run(command, on: loop, limits, handlers, started, pending, start) }
        } catch {
            ChildRegistry.removeStart(pending)
            throw SpawnFailure(error)
        }
        if let result = await started.waitUnlessCancelled() { return try result.get() }
        let cancelled = Result<ChildProcess, SpawnFailure>.failure(.cancelled)
        return try (started.open(cancelled) ? cancelled : await started.wait()).get()
    }

    private static func run(
        _ command: Command,
        on loop: PollLoop,
        _ limits: Limits,
        _ handlers: Handlers,
        _ started: Latch<Result<ChildProcess, SpawnFailure>>,
        _ pending: PendingStart,
        _ start: Start
    ) {
        do throws(SpawnFailure) {
            let spawned = try start(command)
            let child = ChildProcess(command, spawned, on: loop, limits)
            loop.add {
                child.start(spawned, limits, handlers) {
                    if !started.open(.success(child)) {
                        child.beginShutdown(Grace(endOfInput: .zero, terminate: .zero))
                    }
                    ChildRegistry.removeStart(pending)
                }
            }
            waitWithoutReaping(spawned.processID)
            loop.add { child.leaderExited() }
        } catch {
            started.open(.failure(error))
            ChildRegistry.removeStart(pending)
        }
    }

    private func start(
        _ spawned: SpawnedChild,
        _ limits: Limits,
        _ handlers: Handlers,
        then completion: @escaping @Sendable () -> Void
    ) {
        ChildRegistry.add(self)
        ProcessGuard.shared.protect(processID) { [self, loop] in
            loop.addOrRun {
                self.startReaders(spawned, limits, handlers)
                handlers.started(self)
                completion()
                self.finishStart()
            }
        }
    }

    private func startReaders(_ spawned: SpawnedChild, _ limits: Limits, _ handlers: Handlers) {
        let output = LineReader(
            descriptor: spawned.output,
            loop: loop,
            buffer: LineBuffer(limit: limits.line),
            onLine: handlers.line,
            onEnd: {
                close(spawned.output)
                handlers.outputEnd()
            }
        )
        let errors = LineReader(
            descriptor: spawned.errors,
            loop: loop,
            buffer: LineBuffer(limit: StderrTail.longestLine, keptOfCut: StderrTail.longestLine),
            onLine: { line in
                self.evidence.withLock { $0.append(line) }
                handlers.errorLine(line)
            },
            onPartialLine: { bytes in self.evidence.withLock { $0.partialLine = bytes } },
            onEnd: { close(spawned.errors) }
        )
        state.value.output = output
        state.value.errors = errors
        state.value.onExit = handlers.exit
        output.start()
        errors.start()
    }

    private func finishStart() {
        guard case .starting(let hasExited) = state.value.phase else { return }
        state.value.phase = .running
        if hasExited { leaderExited() }
    }

    // MARK: Input

    /// Adds bytes to the child's input, which are written at the end of the tick, without a line feed.
    ///
    /// From any thread. Bytes for a child that no longer reads are dropped: see ``inputFailure``.
    package func write(_ bytes: [UInt8]) {
        input.write(bytes)
    }

    /// Adds bytes and a line feed to the child's input; a big message is not copied for it.
    package func writeLine(_ bytes: [UInt8]) {
        input.writeLine(bytes)
    }

    /// Closes the child's input after what was written before.
    package func closeInput() {
        input.close()
    }

    /// The number of bytes that the child has not yet made room for.
    ///
    /// Call this on the loop.
    package var inputBacklog: Int { input.backlog }

    /// Calls a closure on the loop when the child's input has no backlog any more.
    ///
    /// Call this on the loop.
    package func onInputFlushed(_ action: @escaping @Sendable () -> Void) {
        input.onFlushed { _ in action() }
    }

    /// Whether the child has not read any of its input so far; false where the system does not tell.
    ///
    /// Call this on the loop.
    package var isInputUnread: Bool { input.isUnread }

    /// Whether the child has exited without reading any of its input.
    package var leftInputUnread: Bool { evidence.withLock { $0.leftInputUnread } }

    /// The `errno` value of the write that failed, if one did: EPIPE if the child closed its input or exited.
    package var inputFailure: Int32? { input.failure }

    // MARK: Output

    /// Stops reading the child's standard output until ``resumeOutput()``.
    ///
    /// Call this on the loop.
    package func pauseOutput() {
        state.value.output?.pause()
    }

    /// Reads the child's standard output again.
    ///
    /// Call this on the loop.
    package func resumeOutput() {
        state.value.output?.resume()
    }

    /// The end of what the child has written to its standard error, an unfinished line included.
    package func stderrTail() -> StderrTail {
        evidence.withLock { $0.stderrTail(at: loop.now) }
    }

    // MARK: Exit

    /// How the child exited, once it has.
    package var exitReport: ExitReport? { evidence.withLock { $0.exitReport } }

    /// Waits until the child has exited, for whatever reason.
    package func waitForExit() async -> ExitReport {
        await exit.wait()
    }

    /// Closes the child's input, then sends SIGTERM, then SIGKILL to its group, and waits until it has exited.
    ///
    /// Later calls wait for the same exit; the times of the first one count. If the caller is cancelled, the child is
    /// terminated all the same.
    package func shutdown(grace: Grace = Grace()) async -> ExitReport {
        loop.addOrRun { self.beginShutdown(grace) }
        return await exit.wait()
    }

    private func beginShutdown(_ grace: Grace) {
        if case .reaped = state.value.phase { return }
        guard state.value.shutdown == nil else { return }
        state.value.shutdown = ShutdownProgress()
        state.value.shutdown?.begin(.endOfInput, at: loop.now)
        input.close()
        schedule(.terminate, after: grace.endOfInput) {
            self.signalGroup(SIGTERM)
            self.schedule(.kill, after: grace.terminate) { self.signalGroup(SIGKILL) }
        }
    }

    private func schedule(
        _ step: ExitReport.Cause,
        after delay: Duration,
        _ action: @escaping @Sendable () -> Void
    ) {
        state.value.shutdown?.timer = loop.schedule(at: loop.now + delay) {
            self.state.value.shutdown?.begin(step, at: self.loop.now)
            action()
        }
    }

    private func signalGroup(_ signal: Int32) {
        if case .reaped = state.value.phase { return }
        kill(-processID, signal)
    }

    /// The child has exited and is not reaped yet.
    private func leaderExited() {
        if case .starting = state.value.phase {
            state.value.phase = .starting(hasExited: true)
            return
        }
        let exitedAt = loop.now
        signalGroup(SIGKILL)
        ProcessGuard.shared.release(processID)
        let status = reap()
        state.value.output.take()?.drainAndEnd(limit: Self.drainLimit)
        state.value.errors.take()?.drainAndEnd(limit: Self.drainLimit)
        let leftInputUnread = input.isUnread
        input.abandon()
        ChildRegistry.remove(self)

        let shutdown = state.value.shutdown
        shutdown?.timer?.cancel()
        let steps = shutdown?.steps(until: exitedAt) ?? []
        let report = ExitReport(status: status, cause: steps.last?.action ?? .itself, steps: steps)
        evidence.withLock { evidence in
            evidence.leftInputUnread = leftInputUnread
            evidence.exitReport = report
        }
        let onExit = state.value.onExit.take()
        onExit?(report)
        exit.open(report)
    }

    private func reap() -> ExitStatus {
        state.value.phase = .reaped
        var waitStatus: Int32 = 0
        // It has exited, so this does not wait.
        return waitpid(processID, &waitStatus, WNOHANG) == processID ? ExitStatus(waitStatus: waitStatus) : .unknown
    }
}

/// Waits until a child has exited, and leaves it a zombie that keeps its ID.
func waitWithoutReaping(_ processID: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
}

package import AsyncRuntime
import Platform
import Synchronization

/// A running child with pipes on its standard streams, in a process group that ends with it.
///
/// Everything it says and its end are told on the loop, in this order: lines, the end of output, exit. When the child
/// has ended, what it left in its group is killed before the child is reaped, so that the group's id cannot have been
/// given to others.
public final class ChildProcess: Sendable {
    private struct State {
        /// These are let go of at the exit, and with them what the handlers hold.
        var onExit: (@Sendable (ExitReport) -> Void)?
        var output: LineReader?
        var errors: LineReader?
        var tail: StderrTail
        var shutdown: ShutdownProgress?
        /// From here on the id may belong to somebody else.
        var isReaped = false
        var report: ExitReport?
        var waiters: [CheckedContinuation<ExitReport, Never>] = []
    }

    /// What may still be in a pipe whose writer is gone; more comes only from a writer that left the group.
    private static let drainLimit = 4 << 20

    package let command: Command
    /// The child's id, which is its process group's, too.
    package let processID: Int32
    private let loop: PollLoop
    private let input: OutputWriter
    private let state: Mutex<State>

    private init(
        _ command: Command,
        processID: pid_t,
        input: Int32,
        loop: PollLoop,
        limits: Limits,
        _ handlers: Handlers
    ) {
        self.command = command
        self.processID = processID
        self.loop = loop
        makeNonBlocking(input)
        self.input = OutputWriter(sink: .nonBlocking(input), loop: loop)
        state = Mutex(State(onExit: handlers.exit, tail: StderrTail(capacity: limits.stderr)))
    }

    // MARK: Start

    /// Starts a child on the loop and returns once it runs the new program.
    package static func spawn(
        _ command: Command,
        on loop: PollLoop = .shared,
        limits: Limits = Limits(),
        handlers: Handlers
    ) async throws(SpawnFailure) -> ChildProcess {
        // As an action of the loop, so that nothing of the child is told before it is known here.
        let outcome = await withCheckedContinuation { continuation in
            loop.add {
                continuation.resume(
                    returning: Result { () throws(SpawnFailure) in try start(command, loop, limits, handlers) }
                )
            }
        }
        return try outcome.get()
    }

    private static func start(
        _ command: Command,
        _ loop: PollLoop,
        _ limits: Limits,
        _ handlers: Handlers
    ) throws(SpawnFailure) -> ChildProcess {
        let spawned = try SpawnedChild.start(command)
        ProcessGuard.shared.protect(spawned.processID)
        let child = ChildProcess(
            command,
            processID: spawned.processID,
            input: spawned.input,
            loop: loop,
            limits: limits,
            handlers
        )
        child.startReaders(output: spawned.output, errors: spawned.errors, limits, handlers)
        do {
            // The portable way to wait for one child and leave it unreaped; its stack is all that it costs.
            try startThread(stackSize: 128 << 10) { [processID = spawned.processID] in
                waitWithoutReaping(processID)
                loop.add { child.leaderEnded() }
            }
        } catch {
            // Nobody would notice its end: it has to end now.
            child.signalGroup(SIGKILL)
            waitWithoutReaping(spawned.processID)
            child.leaderEnded()
            throw SpawnFailure(error)
        }
        ChildRegistry.add(child)
        return child
    }

    private func startReaders(output: Int32, errors: Int32, _ limits: Limits, _ handlers: Handlers) {
        let outputReader = LineReader(
            descriptor: output,
            loop: loop,
            buffer: LineBuffer(limit: limits.line),
            onLine: handlers.line,
            onEnd: {
                close(output)
                handlers.outputEnd()
            }
        )
        let errorsReader = LineReader(
            descriptor: errors,
            loop: loop,
            buffer: LineBuffer(limit: StderrTail.longestLine, keptOfCut: StderrTail.longestLine),
            onLine: { line in
                self.state.withLock { $0.tail.append(line) }
                handlers.errorLine(line)
            },
            onEnd: { close(errors) }
        )
        state.withLock { state in
            state.output = outputReader
            state.errors = errorsReader
        }
        outputReader.start()
        errorsReader.start()
    }

    // MARK: Input

    /// Adds bytes to the child's input, which go out at the end of the tick; the line feed is the caller's.
    ///
    /// From any thread. Bytes for a child that no longer reads are dropped, see ``inputFailure``.
    package func write(_ bytes: [UInt8]) {
        input.write(bytes)
    }

    /// Adds bytes and a line feed to the child's input; a big message is not copied for it.
    package func writeLine(_ bytes: [UInt8]) {
        input.writeLine(bytes)
    }

    /// Ends the child's input after what was written before.
    package func closeInput() {
        input.close()
    }

    /// The number of bytes that the child has not yet made room for.
    package var inputBacklog: Int { input.backlog }

    /// The `errno` value of the write that failed, if one did: EPIPE where the child closed its input or ended.
    package var inputFailure: Int32? { input.failure }

    // MARK: Evidence

    /// The end of what the child wrote to its standard error so far, an unfinished line included.
    package func stderrTail() -> StderrTail {
        let (tail, reader) = state.withLock { ($0.tail, $0.errors) }
        guard let partial = reader?.partialLine, !partial.isEmpty else { return tail }
        var withPartial = tail
        withPartial.append(Line(bytes: partial, isTerminated: false, receivedAt: loop.now))
        return withPartial
    }

    // MARK: End

    /// How the child ended, once it has.
    package var exitReport: ExitReport? {
        state.withLock { $0.report }
    }

    /// Waits for the child's end, however it comes about.
    package func ended() async -> ExitReport {
        await withCheckedContinuation { continuation in
            let report = state.withLock { state in
                if state.report == nil {
                    state.waiters.append(continuation)
                }
                return state.report
            }
            if let report {
                continuation.resume(returning: report)
            }
        }
    }

    /// Ends the child: closes its input, then SIGTERM, then SIGKILL to its group, and waits for its end.
    ///
    /// Later calls wait for the same end; the first one's times count. Cancelling the caller changes nothing: the child
    /// is ended all the same.
    package func shutdown(grace: Grace = Grace()) async -> ExitReport {
        loop.add { self.beginShutdown(grace) }
        return await ended()
    }

    private func beginShutdown(_ grace: Grace) {
        let isFirst = state.withLock { state in
            guard state.shutdown == nil, !state.isReaped else { return false }
            state.shutdown = ShutdownProgress(grace: grace)
            return true
        }
        guard isFirst else { return }
        begin(.endOfInput)
        input.close()
        schedule(after: grace.endOfInput) {
            self.begin(.terminate)
            self.signalGroup(SIGTERM)
            self.schedule(after: grace.terminate) {
                self.begin(.kill)
                self.signalGroup(SIGKILL)
            }
        }
    }

    private func begin(_ step: ExitReport.Ending) {
        state.withLock { $0.shutdown?.begin(step, at: loop.now) }
    }

    private func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
        let timer = loop.schedule(at: loop.now + delay, action)
        state.withLock { $0.shutdown?.timer = timer }
    }

    private func signalGroup(_ signal: Int32) {
        state.withLock { state in
            guard !state.isReaped else { return }
            kill(-processID, signal)
        }
    }

    /// The child has ended and is not reaped yet.
    private func leaderEnded() {
        let endedAt = loop.now
        signalGroup(SIGKILL)
        ProcessGuard.shared.release(processID)
        let status = reap()
        let (output, errors) = state.withLock { ($0.output.take(), $0.errors.take()) }
        output?.drainAndEnd(limit: Self.drainLimit)
        errors?.drainAndEnd(limit: Self.drainLimit)
        input.abandon()
        ChildRegistry.remove(self)

        let (report, timer, onExit, waiters) = state.withLock { state in
            let steps = state.shutdown?.steps(until: endedAt) ?? []
            let report = ExitReport(status: status, endedBy: steps.last?.action ?? .itself, steps: steps)
            state.report = report
            defer { state.waiters = [] }
            return (report, state.shutdown?.timer, state.onExit.take(), state.waiters)
        }
        timer?.cancel()
        onExit?(report)
        for waiter in waiters {
            waiter.resume(returning: report)
        }
    }

    private func reap() -> ExitStatus {
        state.withLock { state in
            var waitStatus: Int32 = 0
            var reaped: pid_t
            repeat {
                reaped = waitpid(processID, &waitStatus, 0)
            } while reaped < 0 && errno == EINTR
            state.isReaped = true
            return reaped == processID ? ExitStatus(waitStatus: waitStatus) : .unknown
        }
    }
}

/// Waits until a child has ended, and leaves it a zombie that keeps its id.
private func waitWithoutReaping(_ processID: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
}

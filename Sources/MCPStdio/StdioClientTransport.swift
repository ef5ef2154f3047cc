package import AsyncRuntime
public import ChildProcesses
public import JSON
public import JSONRPC
public import MCPTransport
import Synchronization

/// A server as a child process: frames are lines on its standard input and output.
///
/// Source: transports, "stdio", all revisions.
public final class StdioClientTransport: ClientTransport {
    /// The kind.
    public let kind = TransportKind.stdio

    /// The loop that reads and writes: work there needs no hop.
    public var executor: (any TaskExecutor)? { loop }

    private struct State {
        var child: ChildProcess?
        var receiver: (any ClientTransportReceiver)?
        var end: TransportEnd?
        var isClosing = false
        /// How the server ended, where it did before there was a child to tell about.
        var earlyReport: ExitReport?
        var silence: ScheduledAction?
    }

    private let command: ChildProcess.Command
    private let grace: ChildProcess.Grace
    private let loop: PollLoop
    private let state = Mutex(State())

    /// Creates a way to the server that the command starts.
    public convenience init(_ command: ChildProcess.Command, grace: ChildProcess.Grace = ChildProcess.Grace()) {
        self.init(command, grace: grace, loop: .shared)
    }

    package init(_ command: ChildProcess.Command, grace: ChildProcess.Grace, loop: PollLoop) {
        self.command = command
        self.grace = grace
        self.loop = loop
    }

    /// Starts the server.
    ///
    /// - Throws: ``TransportFailure`` of the kind `spawn` that names what is wrong with the command.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        state.withLock { $0.receiver = receiver }
        let handlers = ChildProcess.Handlers(
            line: { [self] line in take(line) },
            errorLine: { [self] line in state.withLock { $0.receiver }?.noted(.standardError(line.bytes)) },
            outputEnd: { [self] in outputEnded() },
            exit: { [self] report in finish(report) }
        )
        do throws(SpawnFailure) {
            let child = try await ChildProcess.spawn(command, on: loop, handlers: handlers)
            let report = state.withLock { state in
                state.child = child
                return state.earlyReport
            }
            if let report { conclude(end(for: report)) }
        } catch {
            let facts: JSONObject = ["command": .string(command.executable), "args": strings(command.arguments)]
            throw TransportFailure(.spawn, "The server could not be started. \(error)", evidence: facts)
        }
    }

    /// Queues a frame as one line of the server's input.
    public func send(_ frame: OutgoingFrame) throws {
        let (child, end) = state.withLock { ($0.child, $0.end) }
        guard let child, end == nil else {
            throw TransportFailure(.closed, end?.reason ?? "the server has not been started")
        }
        child.writeLine(frame.bytes)
    }

    /// Cancels nothing by itself: on stdio a notification does.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Ends the server: its input is closed, then SIGTERM, then SIGKILL, each to its whole process group.
    public func close() async -> TransportEnd {
        let child = state.withLock { state in
            state.isClosing = true
            return state.child
        }
        guard let child else { return TransportEnd(cause: .closedByUs, reason: "the server was never started") }
        let report = await child.shutdown(grace: grace)
        return state.withLock { $0.end } ?? end(for: report)
    }

    /// The process, how it ended if it has, and the end of its standard error.
    public func evidence() -> JSONObject {
        var facts: JSONObject = ["command": .string(command.executable), "args": strings(command.arguments)]
        guard let child = state.withLock({ $0.child }) else { return facts }
        facts["pid"] = JSONValue(child.processID)
        if let report = child.exitReport { facts.merge(Self.facts(of: report)) }
        if let failure = child.inputFailure {
            facts["input"] = .string("not read by the server any more: \(SystemError("write", code: failure))")
        }
        facts.merge(Self.facts(of: child.stderrTail()))
        return facts
    }

    // MARK: - From the child

    private func take(_ line: Line) {
        // White space alone is no message and no harm.
        guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        state.withLock { $0.receiver }?.received(line.bytes)
    }

    /// Waits a moment, for nothing more can come.
    ///
    /// Usually the exit follows at once and says more; a server that lives on is ended.
    private func outputEnded() {
        let deadline = loop.now.advanced(by: .milliseconds(500))
        let silence = loop.schedule(at: deadline) { [self] in
            guard let child = state.withLock({ $0.end == nil ? $0.child : nil }) else { return }
            conclude(
                TransportEnd(
                    cause: .closedByServer,
                    reason: "the server closed its standard output and went on running",
                    evidence: evidence()
                )
            )
            loop.add { child.closeInput() }
        }
        state.withLock { $0.silence = silence }
    }

    private func finish(_ report: ExitReport) {
        let child = state.withLock { state in
            // The server may have ended before `spawn` gave the child back.
            if state.child == nil { state.earlyReport = report }
            return state.child
        }
        if child != nil { conclude(end(for: report)) }
    }

    private func end(for report: ExitReport) -> TransportEnd {
        let cause: TransportEnd.Cause =
            if state.withLock({ $0.isClosing }) || report.endedBy != .itself {
                .closedByUs
            } else if case .exited(code: 0) = report.status {
                .closedByServer
            } else {
                .crashed
            }
        var isSignalled = false
        if case .signalled = report.status { isSignalled = true }
        return TransportEnd(
            cause: cause,
            reason: "the server \(isSignalled ? "was " : "")\(report)",
            evidence: evidence()
        )
    }

    private func conclude(_ end: TransportEnd) {
        let receiver = state.withLock { state in
            guard state.end == nil else { return nil as (any ClientTransportReceiver)? }
            state.end = end
            state.silence?.cancel()
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.ended(end)
    }

    // MARK: - Evidence

    private static func facts(of report: ExitReport) -> JSONObject {
        var facts: JSONObject = [:]
        switch report.status {
        case .exited(let code): facts["exit_code"] = JSONValue(code)
        case .signalled(let signal, _): facts["signal"] = .string(signalName(signal))
        case .unknown: break
        }
        facts["exit"] = .string(report.description)
        return facts
    }

    private static func facts(of tail: StderrTail) -> JSONObject {
        let shown = tail.lines.suffix(40)
        guard !shown.isEmpty else { return ["stderr_tail": []] }
        var facts: JSONObject = ["stderr_tail": .array(shown.map { .string($0.text) })]
        let omitted = tail.droppedLines + tail.lines.count - shown.count
        if omitted > 0 { facts["stderr_lines_omitted"] = JSONValue(omitted) }
        return facts
    }

    private func strings(_ texts: [String]) -> JSONValue {
        .array(texts.map(JSONValue.string))
    }
}

extension JSONObject {
    fileprivate mutating func merge(_ other: JSONObject) {
        for member in other.members { self[member.key] = member.value }
    }
}

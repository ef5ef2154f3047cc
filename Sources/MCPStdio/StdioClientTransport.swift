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

    private let command: ChildProcess.Command
    private let grace: ChildProcess.Grace
    private let loop: PollLoop
    private let phase = Mutex(Phase.created)
    /// Ends a server that has closed its output, unless it exits first.
    private let silence: LoopBound<ScheduledAction?>
    private let backlog: LoopBound<ResponseBacklog>

    private enum Phase {
        case created
        case running(ChildProcess)
        case ended(TransportEnd, ChildProcess?)

        var child: ChildProcess? {
            switch self {
            case .created: nil
            case .running(let child): child
            case .ended(_, let child): child
            }
        }
    }

    /// Creates a transport to the server that the command starts.
    public convenience init(_ command: ChildProcess.Command, grace: ChildProcess.Grace = ChildProcess.Grace()) {
        self.init(command, grace: grace, loop: .shared)
    }

    package init(_ command: ChildProcess.Command, grace: ChildProcess.Grace, loop: PollLoop) {
        self.command = command
        self.grace = grace
        self.loop = loop
        silence = LoopBound(nil, on: loop)
        backlog = LoopBound(ResponseBacklog(), on: loop)
    }

    /// Starts the server.
    ///
    /// - Throws: ``TransportFailure`` of the kind `spawn` that names what is wrong with the command.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        // The child releases these when it has exited, and the receiver with them.
        let handlers = ChildProcess.Handlers(
            started: { [self] child in
                phase.withLock { $0 = .running(child) }
                backlog.value.receiver = receiver
            },
            line: { line in
                if !line.isBlank { receiver.received(line.bytes) }
            },
            errorLine: { line in receiver.noted(.standardError(line.bytes)) },
            outputEnd: { [self] in outputEnded(receiver) },
            exit: { [self] report in finish(transportEnd(for: report), receiver) }
        )
        do throws(SpawnFailure) {
            _ = try await ChildProcess.spawn(command, on: loop, handlers: handlers)
        } catch {
            var facts = commandFacts
            if let path = error.searchedPath { facts["path"] = .string(path) }
            throw TransportFailure(
                .spawn,
                // An error of the system says already what it refused.
                error.isSystemError ? error.message : "Could not start the server: \(error.message)",
                advice: error.advice.isEmpty ? nil : error.advice,
                evidence: facts
            )
        }
    }

    /// Queues a frame as one line of the server's input.
    public func send(_ frame: OutgoingFrame) throws {
        let child = try runningChild()
        child.writeLine(frame.bytes)
        if frame.isResponse { limitResponses(frame.bytes.count, to: child) }
    }

    private func runningChild() throws(TransportFailure) -> ChildProcess {
        switch phase.withLock({ $0 }) {
        case .running(let child): return child
        case .ended(let end, _): throw TransportFailure(.closed, end.reason)
        case .created: throw TransportFailure(.closed, "the server has not been started")
        }
    }

    private var child: ChildProcess? { phase.withLock { $0.child } }

    /// Cancels nothing by itself: on stdio a notification does.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Closes the server's input, then sends SIGTERM, then SIGKILL, each to its whole process group.
    public func close() async -> TransportEnd { await close(within: grace) }

    /// Sends SIGTERM, then SIGKILL.
    public func closeAtOnce() async -> TransportEnd {
        await close(within: ChildProcess.Grace(endOfInput: .zero, terminate: .milliseconds(200)))
    }

    /// Whether the server has not read any of its input.
    public func isInputUnread() async -> Bool? {
        guard let child else { return nil }
        let answer = Latch<Bool>()
        loop.addOrRun { answer.open(child.isInputUnread) }
        return await answer.wait()
    }

    private func close(within grace: ChildProcess.Grace) async -> TransportEnd {
        guard let child else {
            return TransportEnd(cause: .closedByUs, reason: "the server was never started")
        }
        let report = await child.shutdown(grace: grace)
        if case .ended(let end, _) = phase.withLock({ $0 }) { return end }
        return transportEnd(for: report)
    }

    // MARK: - From the child

    /// Waits a moment, because nothing more can come.
    ///
    /// Usually the exit follows at once and says more. A server that goes on running is shut down.
    private func outputEnded(_ receiver: any ClientTransportReceiver) {
        silence.value = loop.schedule(at: loop.now.advanced(by: .milliseconds(500))) { [self] in
            let reason = "the server closed its standard output but kept running"
            finish(TransportEnd(cause: .closedByServer, reason: reason, evidence: evidence()), receiver)
            child?.closeInput()
        }
    }

    private func transportEnd(for report: ExitReport) -> TransportEnd {
        let cause: TransportEnd.Cause =
            if report.cause != .itself {
                .closedByUs
            } else if case .exited(code: 0) = report.status {
                .closedByServer
            } else {
                .crashed
            }
        let verb = if case .signalled = report.status { "was " } else { "" }
        return TransportEnd(
            cause: cause,
            reason: "the server \(verb)\(report)",
            evidence: evidence(),
            leftInputUnread: child?.leftInputUnread ?? false
        )
    }

    private func finish(_ end: TransportEnd, _ receiver: any ClientTransportReceiver) {
        silence.value.take()?.cancel()
        backlog.value.end()
        let isFirst = phase.withLock { phase in
            if case .ended = phase { return false }
            phase = .ended(end, phase.child)
            return true
        }
        if isFirst { receiver.ended(end) }
    }

    // MARK: - Responses that the server does not read

    /// Counts a response, and stops reading the server if too many of them wait.
    private func limitResponses(_ size: Int, to child: ChildProcess) {
        guard loop.isCurrent else { return loop.add { self.limitResponses(size, to: child) } }
        guard backlog.value.add(size, unsent: child.inputBacklog) else { return }
        child.pauseOutput()
        let report = loop.schedule(at: loop.now.advanced(by: ResponseBacklog.patience)) { [self] in
            backlog.value.report(unsent: child.inputBacklog)
        }
        child.onInputFlushed { [self] in
            report.cancel()
            backlog.value.isPaused = false
            child.resumeOutput()
        }
    }

    // MARK: - Evidence

    /// The process, how it exited if it has, and the end of its standard error.
    public func evidence() -> JSONObject {
        var facts = commandFacts
        guard let child else { return facts }
        facts["pid"] = JSONValue(child.processID)
        if let report = child.exitReport { facts.merge(Self.facts(of: report)) }
        if let failure = child.inputFailure {
            facts["input"] = .string("the server no longer reads it: \(SystemError("write", code: failure))")
        }
        facts.merge(Self.facts(of: child.stderrTail()))
        return facts
    }

    private var commandFacts: JSONObject {
        ["command": .string(command.executable), "args": .array(command.arguments.map(JSONValue.string))]
    }

    private static func facts(of report: ExitReport) -> JSONObject {
        var facts: JSONObject = [:]
        switch report.status {
        case .exited(let code): facts["exit_code"] = JSONValue(code)
        case .signalled(let signal, _): facts["signal"] = .string(signalName(signal))
        case .unknown: break
        }
        facts["exit"] = .string(report.description)
        switch report.cause {
        case .itself: break
        case .endOfInput: facts["ended_by"] = "end of input"
        case .terminate: facts["ended_by"] = "SIGTERM"
        case .kill: facts["ended_by"] = "SIGKILL"
        }
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
}

extension JSONObject {
    fileprivate mutating func merge(_ other: JSONObject) {
        for member in other.members { self[member.key] = member.value }
    }
}

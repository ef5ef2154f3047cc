import ChildProcesses
import MCPStdio
import Synchronization

/// Reads standard input line by line, beginning with the first prompt.
final class TerminalLineReader: Sendable {
    private struct State {
        var lines: [String] = []
        var isStarted = false
        var hasEnded = false
        var waiting: CheckedContinuation<String?, Never>?
    }

    private let state = Mutex(State())

    /// The next line without its line feed; nil at the end of input or if the task is cancelled.
    func next() async -> String? {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if isFirst { start() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let line = state.withLock { state -> String?? in
                    if !state.lines.isEmpty { return state.lines.removeFirst() }
                    if state.hasEnded { return .some(nil) }
                    state.waiting = continuation
                    return nil
                }
                if let line { continuation.resume(returning: line) }
            }
        } onCancel: {
            end()
        }
    }

    /// Reads on the loop, so that a signal is noticed while someone types.
    private func start() {
        StandardStreams()
            .start(
                onLine: { line in self.take(String(decoding: line.bytes, as: UTF8.self)) },
                onEnd: { self.end() }
            )
    }

    private func take(_ line: String) {
        let waiting = state.withLock { state in
            if state.waiting == nil { state.lines.append(line) }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: line)
    }

    private func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }
}

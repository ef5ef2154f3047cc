import AsyncRuntime
import ChildProcesses
import Platform

/// A descriptor that the calling thread writes to and waits for; for commands that print their result and exit.
///
/// A signal that has an action on a loop ends the wait, because the action may have to run on this very thread.
package final class BlockingOutput: Sendable {
    private let descriptor: Int32
    private let sink: Sink

    /// Creates the output.
    ///
    /// Other processes may share the descriptor, so its blocking mode is not changed.
    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
        sink = .forShared(descriptor)
    }

    deinit {
        if sink.descriptor != descriptor { close(sink.descriptor) }
    }

    /// How a write ended.
    package enum Outcome: Equatable, Sendable {
        case written
        /// There was no room before a signal came or the limit passed.
        case interrupted
        /// The `errno` value of the call that failed, such as EPIPE if the reader closed its end.
        case failed(Int32)
    }

    /// Writes everything, waiting for room.
    package func write(_ bytes: UnsafeRawBufferPointer, within limit: Duration? = nil) -> Outcome {
        let deadline = limit.map { ContinuousClock.now.advanced(by: $0) }
        var rest = bytes
        while !rest.isEmpty {
            switch sink.write(rest) {
            case .wrote(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wouldBlock:
                guard waitForRoom(until: deadline) else { return .interrupted }
            case .failed(let code): return .failed(code)
            }
        }
        return .written
    }

    /// Returns false at the deadline or after a signal that has an action.
    private func waitForRoom(until deadline: ContinuousClock.Instant?) -> Bool {
        var requests = [pollfd(fd: sink.descriptor, events: Int16(POLLOUT), revents: 0)]
        if let signals = PollLoop.signalEvents {
            requests.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0))
        }
        let timeout = deadline.map { PollLoop.milliseconds(until: $0) } ?? -1
        let count = poll(&requests, nfds_t(requests.count), timeout)
        // Interrupted: the next round shows whether the signal has an action.
        if count < 0 { return errno == EINTR }
        return requests[0].revents != 0
    }
}

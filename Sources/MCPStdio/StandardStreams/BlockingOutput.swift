import AsyncRuntime
import ChildProcesses
import Platform

/// A descriptor that the calling thread writes to and waits for: for commands that print their answer and are done.
///
/// A signal that has an action on a loop ends the waiting, for the action may have to run on this very thread.
package final class BlockingOutput: Sendable {
    private let descriptor: Int32
    private let sink: Sink

    /// Creates the output; the descriptor may be shared with others, its blocking mode is not changed.
    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
        sink = .forShared(descriptor)
    }

    deinit {
        if sink.descriptor != descriptor { close(sink.descriptor) }
    }

    /// Writes everything.
    ///
    /// Returns false where the reader is gone, or where there was no room before a signal came or the limit passed.
    package func write(_ bytes: UnsafeRawBufferPointer, within limit: Duration? = nil) -> Bool {
        let deadline = limit.map { ContinuousClock.now.advanced(by: $0) }
        var rest = bytes
        while !rest.isEmpty {
            switch sink.write(rest) {
            case .wrote(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wouldBlock:
                guard isRoomMade(before: deadline) else { return false }
            case .failed: return false
            }
        }
        return true
    }

    private func isRoomMade(before deadline: ContinuousClock.Instant?) -> Bool {
        var requests = [pollfd(fd: sink.descriptor, events: Int16(POLLOUT), revents: 0)]
        if let signals = PollLoop.signalEvents {
            requests.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0))
        }
        let timeout = deadline.map { PollLoop.milliseconds(until: $0) } ?? -1
        let count = poll(&requests, nfds_t(requests.count), timeout)
        // Interrupted: whether it was a signal that matters is seen in the next round.
        if count < 0 { return errno == EINTR }
        return requests[0].revents != 0
    }
}

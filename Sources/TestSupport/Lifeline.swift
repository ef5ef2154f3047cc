import Dispatch
import Platform

/// A named pipe that processes keep open, so that a test can wait for the exit of the last one without polling.
public final class Lifeline: Sendable {
    /// The path, for the processes that open it.
    public let path: String

    private let folder: TemporaryFolder
    private let descriptor: Int32

    /// Creates a pipe that no process has open.
    public init() throws {
        folder = try TemporaryFolder()
        path = folder.path("line")
        guard mkfifo(path, 0o600) == 0 else { throw UnreadableFile(path: path) }
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnreadableFile(path: path) }
    }

    deinit {
        close(descriptor)
    }

    /// The first line of a shell script that keeps the pipe open in itself and in its child processes.
    public var grab: String { "exec 9>'\(path)';" }

    /// Blocks the calling thread until a process has opened the pipe.
    ///
    /// A pipe that no process has ever opened is not let go either.
    public func waitUntilGrabbed() {
        let end = open(path, O_RDONLY | O_CLOEXEC)
        if end >= 0 { close(end) }
    }

    /// Waits until no process has the pipe open, or returns false after half a minute.
    public func isLetGo() async -> Bool {
        await withCheckedContinuation { continuation in
            // On its own thread, because a blocked test must not take a thread from the others.
            DispatchQueue(label: "life line").async { [descriptor] in
                var request = pollfd(fd: descriptor, events: 0, revents: 0)
                let isGone = poll(&request, 1, 30_000) == 1 && request.revents & Int16(POLLHUP) != 0
                continuation.resume(returning: isGone)
            }
        }
    }
}

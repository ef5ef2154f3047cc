import Dispatch
import Platform

/// A named pipe that processes hold open, so that a test can wait for the death of the last one instead of looking.
public final class Lifeline: Sendable {
    /// Where it is, for whoever is to hold it.
    public let path: String

    private let folder: TemporaryFolder
    private let descriptor: Int32

    /// Makes a line that nobody holds yet.
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

    /// What a shell script begins with, to hold the line itself and in everything it starts.
    public var grab: String { "exec 9>'\(path)';" }

    /// Waits until nobody holds the line any more; false if that has not come after half a minute.
    public func isLetGo() async -> Bool {
        await withCheckedContinuation { continuation in
            // On a thread of its own: a test that waits takes none from the tests beside it.
            DispatchQueue(label: "life line").async { [descriptor] in
                var request = pollfd(fd: descriptor, events: 0, revents: 0)
                let isGone = poll(&request, 1, 30_000) == 1 && request.revents & Int16(POLLHUP) != 0
                continuation.resume(returning: isGone)
            }
        }
    }
}

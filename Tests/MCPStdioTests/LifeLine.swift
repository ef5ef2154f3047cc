import Foundation

@testable import MCPStdio

/// A named pipe that processes hold open, so that a test can wait for the death of the last one instead of looking.
final class LifeLine: Sendable {
    let path: String
    private let descriptor: Int32

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("lifeline-\(UUID())").path
        guard mkfifo(path, 0o600) == 0 else { throw SystemError("make a named pipe") }
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open a named pipe") }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// What a shell script begins with, to hold the line itself and in everything it starts.
    var grab: String { "exec 9>'\(path)';" }

    /// Waits until nobody holds the line any more; false if that has not come after half a minute.
    func isLetGo() async -> Bool {
        await onThread { [descriptor] in
            var request = pollfd(fd: descriptor, events: 0, revents: 0)
            return poll(&request, 1, 30_000) == 1 && request.revents & Int16(POLLHUP) != 0
        }
    }
}

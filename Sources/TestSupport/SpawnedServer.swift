import Dispatch
import Platform
import Synchronization

/// The child process of an ``HTTPPeer`` in its own process group, with our ends of its standard streams.
final class SpawnedServer: Sendable {
    private let processID: pid_t
    private let input: Int32
    private let output: Int32
    private let isEnded = Mutex(false)

    init(_ command: [String], errors: String) throws {
        let (inputs, outputs) = (try Self.openPipe(), try Self.openPipe())
        defer {
            close(inputs.read)
            close(outputs.write)
        }
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, inputs.read, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, outputs.write, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var processID: pid_t = 0
        let code = posix_spawn(&processID, command[0], &actions, &attributes, arguments, processEnvironment())
        guard code == 0 else {
            close(inputs.write)
            close(outputs.read)
            throw HTTPPeer.Failure(command: command, output: "", errors: [String(cString: strerror(code))])
        }
        self.processID = processID
        input = inputs.write
        output = outputs.read
    }

    deinit {
        end()
    }

    /// Kills the group and reaps its leader.
    func end() {
        let wasEnded = isEnded.withLock { isEnded in
            defer { isEnded = true }
            return isEnded
        }
        guard !wasEnded else { return }
        kill(-processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        close(input)
        close(output)
    }

    /// The first line of its output without the line feed, empty if it exits first.
    func firstLine() async -> String {
        await withCheckedContinuation { continuation in
            // On its own thread, because a blocked test must not take a thread from the others.
            DispatchQueue(label: "peer").async { [self] in
                var line: [UInt8] = []
                var byte: UInt8 = 0
                while read(output, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }

    private static func openPipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw HTTPPeer.Failure(command: [], output: "", errors: [String(cString: strerror(errno))])
        }
        // Another child with the writing end would keep this one's input open.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

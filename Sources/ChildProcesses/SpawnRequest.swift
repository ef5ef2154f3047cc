import AsyncRuntime
import Platform

/// One call of posix_spawn(3), with everything that a clean start needs.
///
/// The child gets default signal dispositions, its own signal mask and only descriptors 0 to 2.
struct SpawnRequest {
    enum Placement {
        /// A process group of its own, so that it can be terminated together with what it starts.
        case ownGroup
        /// A session of its own, out of reach of the terminal.
        case ownSession
    }

    let path: String
    let arguments: [String]
    let environment: [[CChar]]
    let workingDirectory: String?
    let input: Int32
    let output: Int32
    let errors: Int32
    let placement: Placement
    /// Signals that the process starts with blocked.
    var blockedSignals: [Int32] = []

    /// Starts the process and returns its ID once it runs the new program; may block.
    func start() throws(SystemError) -> pid_t {
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

        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        if let workingDirectory {
            try check(SpawnExtensions.addChangeDirectory(&actions, workingDirectory), "change the working directory")
        }
        SpawnExtensions.addCloseOthers(&actions)

        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in blockedSignals {
            sigaddset(&signals, signal)
        }
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        sigdelset(&signals, SIGKILL)
        sigdelset(&signals, SIGSTOP)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | SpawnExtensions.closeOthersFlag | placementFlag
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var processID: pid_t = 0
        let code = withCStrings(arguments.map(cString)) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&processID, path, &actions, &attributes, arguments, environment)
            }
        }
        try check(code, "start `\(path)`")
        return processID
    }

    private var placementFlag: Int32 {
        switch placement {
        case .ownGroup: Int32(POSIX_SPAWN_SETPGROUP)
        case .ownSession: SpawnExtensions.newSessionFlag
        }
    }

    private func check(_ code: Int32, _ step: String) throws(SystemError) {
        guard code == 0 else { throw SystemError(step, code: code) }
    }
}

/// Calls a closure with a nil-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [[CChar]],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer {
        for pointer in pointers {
            free(pointer)
        }
    }
    return body(pointers + [nil])
}

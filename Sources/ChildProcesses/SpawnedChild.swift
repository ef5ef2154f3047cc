import AsyncRuntime
import Platform

/// A child that has just been started, with our ends of the pipes to it.
struct SpawnedChild {
    let processID: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Starts a child; may block.
    static func start(_ command: ChildProcess.Command) throws(SpawnFailure) -> SpawnedChild {
        try lookUp(command) { path throws(SystemError) in try start(command, path) }
    }

    /// Starts a process in a session of its own, without input or output; may block.
    ///
    /// - Returns: The ID of the process.
    static func startDetached(_ command: ChildProcess.Command) throws(SpawnFailure) -> pid_t {
        try lookUp(command) { path throws(SystemError) in try startDetached(command, path) }
    }

    /// Finds the executable of a command and starts it at its path; a failure says why it cannot be started.
    private static func lookUp<Started>(
        _ command: ChildProcess.Command,
        start: (_ path: String) throws(SystemError) -> Started
    ) throws(SpawnFailure) -> Started {
        try checkText(of: command)
        let lookup = ExecutableLookup(command: command)
        let path = try lookup.path()
        do throws(SystemError) {
            return try withoutSharingPipes { () throws(SystemError) in try start(path) }
        } catch {
            throw lookup.reason(path: path, failure: error)
        }
    }

    private static func startDetached(_ command: ChildProcess.Command, _ path: String) throws(SystemError) -> pid_t {
        let devNull = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard devNull >= 0 else { throw SystemError("open /dev/null") }
        defer { close(devNull) }
        return try SpawnRequest(
            path: path,
            arguments: [command.executable] + command.arguments,
            environment: childEnvironment(of: command),
            workingDirectory: command.workingDirectory,
            input: devNull,
            output: devNull,
            errors: devNull,
            placement: .ownSession
        ).start()
    }

    private static func start(_ command: ChildProcess.Command, _ path: String) throws(SystemError) -> SpawnedChild {
        let pipes = try openPipes()
        do throws(SystemError) {
            let processID = try SpawnRequest(
                path: path,
                arguments: [command.executable] + command.arguments,
                environment: childEnvironment(of: command),
                workingDirectory: command.workingDirectory,
                input: pipes[0].readEnd,
                output: pipes[1].writeEnd,
                errors: pipes[2].writeEnd,
                placement: .ownGroup
            ).start()
            close(pipes[0].readEnd)
            close(pipes[1].writeEnd)
            close(pipes[2].writeEnd)
            return SpawnedChild(
                processID: processID,
                input: pipes[0].writeEnd,
                output: pipes[1].readEnd,
                errors: pipes[2].readEnd
            )
        } catch {
            for pipe in pipes {
                pipe.closeBoth()
            }
            throw error
        }
    }

    /// Pipes for descriptors 0, 1 and 2, or none at all.
    private static func openPipes() throws(SystemError) -> [Pipe] {
        var pipes: [Pipe] = []
        do throws(SystemError) {
            for _ in 0..<3 {
                pipes.append(try Pipe.open())
            }
            return pipes
        } catch {
            for pipe in pipes {
                pipe.closeBoth()
            }
            throw error
        }
    }

    /// Refuses what C strings cannot carry, because it would arrive cut short.
    private static func checkText(of command: ChildProcess.Command) throws(SpawnFailure) {
        guard !command.executable.utf8.contains(0) else {
            throw .unusableText("The command contains a NUL character: \(command.executable.debugDescription)")
        }
        // Arguments and values may be secret: the message says which one it is, not what it contains.
        if let index = command.arguments.firstIndex(where: { $0.utf8.contains(0) }) {
            throw .unusableText("Argument \(index + 1) contains a NUL character")
        }
        for (name, value) in command.environment.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.contains("="), !name.utf8.contains(0) else {
                throw .unusableText("\(name.debugDescription) cannot be the name of a variable")
            }
            guard !value.utf8.contains(0) else {
                throw .unusableText("The value of the variable \(name) contains a NUL character")
            }
        }
        if let directory = command.workingDirectory, directory.utf8.contains(0) {
            throw .unusableText("The working directory contains a NUL character: \(directory.debugDescription)")
        }
    }
}

import AsyncRuntime
import Platform

/// A child that has just been started, with our ends of the pipes to it.
struct SpawnedChild {
    let processID: pid_t
    let input: Int32
    let output: Int32
    let errors: Int32

    static func start(_ command: ChildProcess.Command) throws(SpawnFailure) -> SpawnedChild {
        try checkText(of: command)
        let lookup = ExecutableLookup(command: command)
        let path = try lookup.path()
        let pipes = try openPipes()
        do {
            let processID = try SpawnRequest(
                path: path,
                arguments: [command.executable] + command.arguments,
                environment: childEnvironment(settingAnew: command.environment),
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
            throw lookup.reason(path: path, failure: error)
        }
    }

    /// Pipes for descriptors 0, 1 and 2, or none at all.
    private static func openPipes() throws(SpawnFailure) -> [Pipe] {
        var pipes: [Pipe] = []
        do {
            for _ in 0..<3 {
                pipes.append(try Pipe.open())
            }
            return pipes
        } catch {
            for pipe in pipes {
                pipe.closeBoth()
            }
            throw SpawnFailure(error)
        }
    }

    /// Refuses what C strings cannot carry: it would arrive cut short.
    private static func checkText(of command: ChildProcess.Command) throws(SpawnFailure) {
        for argument in [command.executable] + command.arguments where argument.utf8.contains(0) {
            throw .unusableText("An argument holds a NUL character: \(argument.debugDescription)")
        }
        for (name, value) in command.environment.sorted(by: { $0.key < $1.key }) {
            guard !name.isEmpty, !name.contains("="), !name.utf8.contains(0) else {
                throw .unusableText("No variable can have the name \(name.debugDescription)")
            }
            guard !value.utf8.contains(0) else {
                throw .unusableText("The variable \(name) holds a NUL character: \(value.debugDescription)")
            }
        }
        if let directory = command.workingDirectory, directory.utf8.contains(0) {
            throw .unusableText("The working directory holds a NUL character: \(directory.debugDescription)")
        }
    }
}

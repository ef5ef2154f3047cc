import ChildProcesses
import JSON
import MCPTransport
import Platform

/// Why a server crashed before it could be used.
extension Diagnosis {
    static func crashed(_ end: TransportEnd, target: Target) -> Failure {
        let lines = end.standardError
        let exception = ThrownException(inStandardError: lines)
        let cause = exception.map { "\($0.summary) (\(end.reason))" } ?? end.reason
        var failure = Failure(
            .crashed,
            .connectionFailed,
            "The server crashed while starting: \(cause).",
            nextStep: standardErrorAdvice(
                lines,
                then: "fix its start, and connect again",
                without: "Run `\(target.commandLine)` by hand"
            )
        )
        guard let exception else { return failure }
        failure.details["exception"] = .object(exception.json)
        if let advice = missingPackage(exception, target) {
            failure.nextStep = advice
        } else if let place = exception.place {
            failure.nextStep = "Fix \(place.file), line \(place.line), and connect again."
        }
        return failure
    }

    /// What to do after a crash: to read what the server wrote to its standard error, if it wrote anything.
    ///
    /// - Parameters:
    ///   - next: What to do then, such as "fix the server, and connect again".
    ///   - way: How else the cause can be found.
    static func standardErrorAdvice(
        _ lines: [String],
        then next: String,
        without way: String = "Let it log what it does"
    ) -> String {
        lines.isEmpty
            ? "The server wrote nothing to its standard error. \(way) to see why it ends, \(next)."
            : "Read the server's standard error in evidence.server, \(next)."
    }

    /// What to do about an interpreter that lacks a package; nil if that is not the cause.
    private static func missingPackage(_ exception: ThrownException, _ target: Target) -> String? {
        guard let process = target.process else { return nil }
        let isPython = exception.type == "ModuleNotFoundError"
        guard isPython || ["Cannot find module", "Cannot find package"].contains(where: exception.message.hasPrefix)
        else { return nil }
        let package = exception.message.split(separator: "'").dropFirst().first.map(String.init) ?? "the package"
        let file = TargetFile(of: process)?.path ?? process.arguments.first ?? ""
        let directory = folder(of: file)
        guard isPython else {
            if package.hasPrefix("/") || package.hasPrefix(".") {
                return "There is no file `\(package)`. Check the path."
            }
            return "Node finds no package `\(package)` for \(file). Run `npm install` in `\(directory)`."
        }
        let root = package.split(separator: ".").first.map(String.init) ?? package
        let interpreter = interpreter(of: process)
        if root != package {
            return "No installed package has the module `\(package)`: check its name, and the version of `\(root)` for "
                + "`\(interpreter)`."
        }
        let lack = "`\(interpreter)` does not have the package `\(root)`."
        if let other = TargetResolver(directory: directory).virtualEnvironment(near: file), other != interpreter {
            return "\(lack) Use the virtual environment beside the script: command `\(other)`, args [\"\(file)\"]."
        }
        let uv = "`uv run --with \(root) \(file)`"
        return
            "\(lack) If the name is right, start it with the interpreter of the virtual environment that has it, with \(uv), or install it: "
            + "`\(interpreter) -m pip install \(root)`."
    }

    /// The absolute path of the program that a process runs.
    private static func interpreter(of process: TargetProcess) -> String {
        let command = ChildProcess.Command(
            executable: process.command,
            environment: process.environment,
            workingDirectory: process.workingDirectory
        )
        return command.resolvedPath ?? process.command
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "." }
        return String(path[..<slash])
    }
}

extension TransportEnd {
    /// The last lines that the process wrote to its standard error.
    var standardError: [String] { evidence["stderr_tail"]?.array?.compactMap(\.string) ?? [] }
}

extension Failure {
    /// The last lines that the server's process wrote to its standard error.
    package var standardError: [String] { evidence["server"]?["stderr_tail"]?.array?.compactMap(\.string) ?? [] }
}

extension Target {
    /// The command line of the process without secrets, as a shell reads it; the name of a target without one.
    fileprivate var commandLine: String {
        process.map { ShellWords.text([$0.command] + ArgumentSecrets($0.arguments).shown) } ?? name
    }
}

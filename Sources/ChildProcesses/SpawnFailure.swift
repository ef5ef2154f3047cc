import AsyncRuntime
import Platform

/// Why a child could not be started.
public enum SpawnFailure: Error, Sendable, Equatable {
    /// The program does not exist; `searched` are the directories of `PATH`, or the one path it would have had.
    case notFound(command: String, searched: [String])
    /// The path names a directory.
    case isDirectory(path: String)
    /// The file's permissions (`mode`, the lower twelve bits) do not let us run it.
    case notExecutable(path: String, mode: UInt16)
    /// The child cannot start in that directory.
    case badWorkingDirectory(path: String, reason: String)
    /// The file is a script without a `#!` line or whose interpreter is missing, or was built for another system.
    ///
    /// `interpreter` is the one that the `#!` line names.
    case badInterpreter(path: String, interpreter: String?)
    /// An argument or a variable that no process can be given: with a NUL, or a variable's name with `=` or empty.
    case unusableText(String)
    /// The system refused; `step` says what was being done.
    case systemError(errno: Int32, step: String)
    /// The calling task was cancelled before the child ran.
    case cancelled

    init(_ error: SystemError) {
        self = .systemError(errno: error.code, step: error.step)
    }
}

extension SpawnFailure: CustomStringConvertible {
    /// What happened, where, and what to try.
    public var description: String { advice.isEmpty ? message : "\(message) \(advice)" }

    /// What happened and where, as a sentence.
    package var message: String {
        switch self {
        case .notFound(let command, let searched):
            command.contains("/")
                ? "`\(searched.first ?? command)` does not exist." : "`\(command)` was not found in PATH."
        case .isDirectory(let path): "`\(path)` is a directory, not a program."
        case .notExecutable(let path, let mode):
            "`\(path)` is not executable (mode \(String(mode, radix: 8)))."
        case .badWorkingDirectory(let path, let reason):
            "The working directory `\(path)` cannot be used: \(reason)."
        case .badInterpreter(let path, let interpreter?):
            "The interpreter of `\(path)` is missing or cannot run: its `#!` line names `\(interpreter)`."
        case .badInterpreter(let path, nil):
            """
            `\(path)` is not a program that this system can run: it is a script without a `#!` line, or built for another \
            system.
            """
        case .unusableText(let text): "\(text)."
        case .systemError(let code, let step): "The system refused to \(step): \(SystemError(step, code: code).reason)."
        case .cancelled: "The start was cancelled."
        }
    }

    /// Whether the system refused.
    package var isSystemError: Bool {
        if case .systemError = self { true } else { false }
    }

    /// What to try, as a sentence; empty if there is nothing in particular.
    package var advice: String {
        switch self {
        case .notFound(let command, _): Self.adviceForMissing(command)
        case .isDirectory: "Name the program inside it."
        case .notExecutable: "Make it executable with `chmod +x`, or start it through its interpreter."
        case .badWorkingDirectory: "Create it or choose another one."
        case .badInterpreter(_, .some): "Install the interpreter or correct the `#!` line."
        case .badInterpreter: "Add a `#!` line, start it through its interpreter, or build it for this machine."
        case .unusableText: "Correct the command's arguments or environment."
        case .systemError(let code, _): Self.adviceForRefusal(code)
        case .cancelled: ""
        }
    }

    /// The `PATH` in which a program was not found.
    package var searchedPath: String? {
        guard case .notFound(let command, let searched) = self, !command.contains("/") else { return nil }
        return searched.joined(separator: ":")
    }

    private static func adviceForRefusal(_ code: Int32) -> String {
        switch code {
        case ETXTBSY: "Something is still writing the file: try again later."
        case E2BIG: "Make the arguments and the environment smaller."
        case EMFILE, ENFILE, EAGAIN, ENOMEM:
            "Raise the limits for open files, processes or memory, or end some programs."
        default: "Try the command in a shell."
        }
    }

    private static func adviceForMissing(_ command: String) -> String {
        if command.contains(" ") {
            return "The command is the name of one program: give what follows the name as separate arguments."
        }
        return command.contains("/")
            ? "Correct the path. Relative paths are resolved against the working directory."
            : "Install the program, correct its name, or give its full path."
    }
}

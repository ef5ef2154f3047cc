import AsyncRuntime
import Platform

/// Why a child could not be started.
public enum SpawnFailure: Error, Sendable, Equatable {
    /// There is no such program; `searched` are the directories of `PATH`, or the one path it would have had.
    case notFound(command: String, searched: [String])
    /// The path names a directory.
    case isDirectory(path: String)
    /// The file is there but its permissions (`mode`, the lower twelve bits) do not let us run it.
    case notExecutable(path: String, mode: UInt16)
    /// The child cannot start in that directory.
    case badWorkingDirectory(path: String, reason: String)
    /// The file is a script without a `#!` line or whose interpreter is missing, or no program for this machine.
    ///
    /// `interpreter` is the one that the `#!` line names.
    case badInterpreter(path: String, interpreter: String?)
    /// An argument or a variable that no process can be given: with a NUL, or a variable's name with `=` or empty.
    case unusableText(String)
    /// The system refused; `step` says what was being done.
    case systemError(errno: Int32, step: String)

    init(_ error: SystemError) {
        self = .systemError(errno: error.code, step: error.step)
    }
}

extension SpawnFailure: CustomStringConvertible {
    /// What happened, where, and what to try.
    public var description: String {
        switch self {
        case .notFound(let command, let searched):
            "\(notFound(command, searched)) \(adviceForMissing(command))"
        case .isDirectory(let path):
            "\"\(path)\" is a directory, not a program. Name the program inside it."
        case .notExecutable(let path, let mode):
            """
            "\(path)" may not be executed (mode \(String(mode, radix: 8))). \
            Make it executable with `chmod +x`, or start it through its interpreter.
            """
        case .badWorkingDirectory(let path, let reason):
            "The working directory \"\(path)\" cannot be entered: \(reason). Create it or name another one."
        case .badInterpreter(let path, let interpreter?):
            """
            "\(path)" is a script for "\(interpreter)" (its #! line), which is missing or cannot run. \
            Install the interpreter or correct the #! line.
            """
        case .badInterpreter(let path, nil):
            """
            "\(path)" is not a program this system can run: a script without a #! line, or built for another system. \
            Add a #! line, start it through its interpreter, or build it for this machine.
            """
        case .unusableText(let text):
            "\(text). Correct the command's arguments or environment."
        case .systemError(let code, let step):
            "The system refused: \(SystemError(step, code: code)). \(adviceForRefusal(code))"
        }
    }

    private func notFound(_ command: String, _ searched: [String]) -> String {
        if command.contains("/") {
            return "There is no file \"\(searched.first ?? command)\"."
        }
        return "There is no program \"\(command)\" in PATH (\(searched.joined(separator: ":")))."
    }

    private func adviceForRefusal(_ code: Int32) -> String {
        switch code {
        case ETXTBSY: "Something is still writing the file: try again when that is done."
        case E2BIG: "Make the arguments and the environment smaller."
        case EMFILE, ENFILE, EAGAIN, ENOMEM: "Raise the limits for open files, processes or memory, or end some."
        default: "Try the command by hand in a shell."
        }
    }

    private func adviceForMissing(_ command: String) -> String {
        if command.contains(" ") {
            return "The command is one program's name: give what follows it as separate arguments."
        }
        return command.contains("/")
            ? "Correct the path; a relative one is taken from the working directory."
            : "Install it, correct the name, or give its full path."
    }
}

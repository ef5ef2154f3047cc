import ArgumentParser
import JSONSchema
import TextUtilities

/// What a command line asks for.
enum Invocation {
    /// A command of ours, ready to run, and what stands after `--`, if that is there.
    case run(any Command, serverCommand: [String]?)
    /// A text to print: help, version, a completion script.
    case information(String)
    /// The command line cannot be understood: the error, and the same for a person.
    case misuse(ErrorLine, text: String)

    init(_ arguments: [String]) {
        // The library would take the words after `--` for more of the same.
        let parts = arguments.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let serverCommand = parts.count > 1 ? parts[1] : nil
        if let word = parts[0].first, let complaint = Self.complaint(aboutCommand: word) {
            self = .misuse(complaint)
            return
        }
        do {
            var command = try RootCommand.parseAsRoot(parts[0])
            switch command {
            case let command as any TargetCommand: self = .run(command, serverCommand: serverCommand)
            case _ where serverCommand != nil: self = .misuse("This command has no use for what stands after --.")
            case let command as any Command: self = .run(command, serverCommand: nil)
            default:
                // Those of the library, such as `help`, print by throwing.
                try command.run()
                self = .information("")
            }
        } catch {
            let text = RootCommand.fullMessage(for: error) + "\n"
            self =
                RootCommand.exitCode(for: error).isSuccess
                ? .information(text)
                : .misuse(ErrorLine(usage: RootCommand.message(for: error)), text: text)
        }
    }

    private static func misuse(_ complaint: String) -> Invocation {
        let usage = RootCommand.usageString().split(separator: "\n").joined(separator: "\n       ")
        let text = "Error: \(complaint)\nUsage: \(usage)\nSee '\(Program.name) --help'.\n"
        return .misuse(ErrorLine(usage: complaint), text: text)
    }

    /// Why the first word is no command: `serve`, which is meant where there is none, takes no words.
    private static func complaint(aboutCommand word: String) -> String? {
        let names = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !word.hasPrefix("-"), word != "help", !names.contains(word) else { return nil }
        if let close = nearest(word, among: names) {
            return "There is no command \"\(word)\". Did you mean \"\(close)\"?"
        }
        if word.contains("/") || word.contains(".") {
            return "There is no command \"\(word)\". To test that server: \(Program.name) test \(word)"
        }
        return "There is no command \"\(word)\"; there are: \(names.joined(separator: ", "))."
    }
}

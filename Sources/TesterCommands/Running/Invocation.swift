import ArgumentParser
import JSONSchema
import TextUtilities

/// A parsed command line.
enum Invocation {
    /// A command that is ready to run, and the words after `--`, if given.
    case run(any Command, serverCommand: [String]?)
    /// A text to print: help, version, a completion script.
    case information(String)
    /// The command line is invalid: the error for scripts, and the text for people.
    case misuse(ErrorLine, text: String)

    init(_ arguments: [String]) {
        if arguments.first == CompletionQueryCommand.name {
            var query = CompletionQueryCommand()
            query.words = Array(arguments.dropFirst())
            self = .run(query, serverCommand: nil)
            return
        }
        // The library would take the words after `--` for more arguments.
        let parts = arguments.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let serverCommand = parts.count > 1 ? parts[1] : nil
        if let word = parts[0].first, let complaint = Self.complaint(aboutCommand: word) {
            self = .misuse(complaint)
            return
        }
        do {
            var command = try RootCommand.parseAsRoot(parts[0])
            switch command {
            case let command as any Command where type(of: command).takesServerCommand || serverCommand == nil:
                self = .run(command, serverCommand: serverCommand)
            case _ where serverCommand != nil: self = .misuse("This command takes no command after --.")
            default:
                // Those of the library, such as `help`, print by throwing.
                try command.run()
                self = .information("")
            }
        } catch {
            let text = Suggestion.filter(RootCommand.fullMessage(for: error)) + "\n"
            guard !RootCommand.exitCode(for: error).isSuccess else {
                self = .information(text)
                return
            }
            let message = ArgumentRedaction.redact(
                Suggestion.filter(RootCommand.message(for: error)),
                words: parts[0]
            )
            self = .misuse(ErrorLine(usage: message), text: ArgumentRedaction.redact(text, words: parts[0]))
        }
    }

    private static func misuse(_ complaint: String) -> Invocation {
        let usage = RootCommand.usageString().split(separator: "\n").joined(separator: "\n       ")
        let text = "Error: \(complaint)\nUsage: \(usage)\nSee '\(Program.name) --help'.\n"
        return .misuse(ErrorLine(usage: complaint), text: text)
    }

    /// Why the first word is not a command; nil if it is one.
    ///
    /// The library would take it for an argument of `serve`, the default command, which has none.
    private static func complaint(aboutCommand word: String) -> String? {
        let names = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !word.hasPrefix("-"), word != "help", !names.contains(word) else { return nil }
        let shown = ArgumentRedaction.shown(word)
        if let close = nearest(word, among: names) {
            return "Unknown command \"\(shown)\". Did you mean \"\(close)\"?"
        }
        if word.contains("/") || word.contains(".") {
            return "Unknown command \"\(shown)\". To test that server: \(Program.name) test \(shown)"
        }
        return "Unknown command \"\(shown)\". The commands are: \(names.joined(separator: ", "))."
    }
}

import ArgumentParser
import Tester
import TextUtilities

/// Runs the lines of a session.
struct ShellRunner: Sendable {
    enum Result: Sendable {
        case done(Exit)
        /// A comment or an empty line.
        case nothing
        case quit
    }

    let shell: Shell
    let context: CommandContext
    /// Prompts for input that a server requests; nil if no one is there.
    let prompter: TerminalPrompter?

    /// Runs a line.
    func run(_ line: String) async -> Result {
        let words = ShellWords(line)
        guard let first = words.texts.first, !first.hasPrefix("#") else { return .nothing }
        do throws(Failure) {
            if let open = words.open {
                throw .usage("The \(open) is not closed.", nextStep: "Close it, or put a \\ before it.")
            }
            switch first {
            case "quit", "exit": return .quit
            case "help", "?": try help(words.texts.dropFirst().first)
            default: return .done(try await perform(try command(words.texts)))
            }
            return .done(.passed)
        } catch {
            return .done(refuse(error))
        }
    }

    private func perform(_ command: any SessionOperation) async throws(Failure) -> Exit {
        let operation = try await command.operation(command.words, in: context)
        let (report, _) = try await command.perform(
            operation,
            command.label(command.words),
            in: shell.session,
            context,
            prompter: command.output.json ? nil : prompter
        )
        return shell.show(report, asJSON: command.output.json)
    }

    // MARK: - Parsing

    private func command(_ words: [String]) throws(Failure) -> any SessionOperation {
        let name = words[0]
        guard let type = ShellRootCommand.command(name) else {
            let close = nearest(name, among: ShellRootCommand.names).map { " Did you mean \"\($0)\"?" } ?? ""
            throw .usage(
                "Unknown command \"\(ArgumentRedaction.shown(name))\".\(close)",
                nextStep: "The commands are: \(ShellRootCommand.names.joined(separator: ", "))."
            )
        }
        try refuseOptions(words, of: name)
        do {
            if let command = try ShellRootCommand.parseAsRoot(words) as? any SessionOperation { return command }
        } catch {
            let message = Suggestion.filter(ShellRootCommand.message(for: error))
            throw .usage(
                "\(ArgumentRedaction.redact(message, words: words)).",
                nextStep: "Usage: \(ShellRootCommand.usage(of: type))"
            )
        }
        throw .usage("\"\(name)\" is not a command of a session.", nextStep: "See help.")
    }

    /// Refuses options that have no effect here.
    private func refuseOptions(_ words: [String], of name: String) throws(Failure) {
        let allowed = ShellRootCommand.options(of: name)
        for word in words.dropFirst() where word.hasPrefix("-") && word.contains(where: \.isLetter) {
            let option = String(word.prefix { $0 != "=" })
            guard !allowed.contains(option), Double(word) == nil else { continue }
            let close = nearest(option, among: allowed).map { " Did you mean \($0)?" } ?? ""
            throw .usage(
                "`\(name)` has no option \(option) in a session.\(close)",
                nextStep: "Its options are: \(allowed.joined(separator: ", ")). Options of the connection are given to "
                    + "\(Program.name) shell."
            )
        }
        if words.dropFirst().contains("-") || words.contains("--bytes=-") {
            throw .usage("\"-\" cannot be read: standard input is the session.", nextStep: "Give a file as @FILE.")
        }
    }

    // MARK: - Help

    private func help(_ name: String?) throws(Failure) {
        guard let name else {
            let commands = ShellRootCommand.configuration.subcommands.map {
                ($0.configuration.commandName ?? "", $0.configuration.abstract)
            }
            for (name, abstract) in commands + ShellRootCommand.ownWords.map({ ($0.name, $0.abstract) }) {
                let padding = String(repeating: " ", count: max(1, 14 - name.count))
                context.streams.out(shell.style.applied(.name, to: name) + padding + abstract + "\n")
            }
            context.streams.out(
                "\n`help COMMAND` shows the usage. JSON needs no quotes: call add {\"a\": 1, \"b\": 2}\n"
            )
            return
        }
        guard let command = ShellRootCommand.command(name) else {
            if let own = ShellRootCommand.ownWords.first(where: { $0.name == name }) {
                return context.streams.out("\(own.abstract)\n")
            }
            throw .usage("Unknown command \"\(ArgumentRedaction.shown(name))\".", nextStep: "See help.")
        }
        let configuration = command.configuration
        let options = ShellRootCommand.options(of: name).joined(separator: ", ")
        context.streams.out(
            "\(configuration.abstract)\n\n\(ShellRootCommand.usage(of: command))\nOptions: \(options)\n"
        )
        // The examples of the command line have a target.
        if !configuration.discussion.isEmpty, !configuration.discussion.contains(Program.name) {
            context.streams.out("\n\(configuration.discussion)\n")
        }
    }

    /// Reports what is wrong with a line.
    private func refuse(_ failure: Failure) -> Exit {
        var failure = failure
        failure.message = ShellRootCommand.adapted(failure.message)
        failure.nextStep = ShellRootCommand.adapted(failure.nextStep)
        return CommandRunner(context).refuse(failure)
    }
}

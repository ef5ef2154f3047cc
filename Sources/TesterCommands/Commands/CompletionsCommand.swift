import ArgumentParser
import Tester

/// Prints the completion script of a shell.
struct CompletionsCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script for bash, zsh or fish.",
        usage: "mcp-test-mcp completions bash|zsh|fish",
        discussion: """
            Completes commands, options, servers, and the names of a server's tools, prompts and resources with their \
            arguments. To load it in every shell:
              echo 'source <(mcp-test-mcp completions bash)' >> ~/.bashrc
              echo 'source <(mcp-test-mcp completions zsh)' >> ~/.zshrc
              mcp-test-mcp completions fish > ~/.config/fish/completions/mcp-test-mcp.fish

            Names come from the last list of the same server, if it is not older than five minutes. Otherwise a server whose \
            file or command is on the line is started for at most two seconds. MCP_TEST_COMPLETION=cached prevents that, and \
            MCP_TEST_COMPLETION=off also keeps no names. For a URL or @NAME, list its tools first.
            """
    )

    @Argument(help: ArgumentHelp("Shell.", valueName: "shell"))
    var shell: CompletionShell

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        context.streams.out(shell.script)
        return .passed
    }
}

extension CompletionShell: ExpressibleByArgument {}

/// Answers the completion function of a shell; not for people.
struct CompletionQueryCommand: Command {
    static let name = "__complete"

    static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

    /// The shell, then for bash the line up to the cursor and the part of the word that is replaced; for the others the
    /// words, the last of which is at the cursor.
    @Argument(parsing: .captureForPassthrough)
    var words: [String] = []

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        guard let shell = words.first.flatMap(CompletionShell.init), words.count >= 3 else { return .misused }
        let line: TypedLine
        var replaced = ""
        if shell == .bash {
            line = TypedLine(words[1])
            replaced = words[2]
        } else {
            // The shells leave the quotes around what is typed.
            line = TypedLine(
                words: Array(words[1..<(words.count - 1)]),
                current: TypedLine(words[words.count - 1]).current
            )
        }
        let subject = CompletionSubject(Array(line.words.dropFirst()), current: line.current)
        let source = CompletionSource(context: context, startsTargets: context.environment.completion == .full)
        let answer = await source.answer(to: subject, current: line.current)
        let lines = answer.lines(for: shell, line, replacing: replaced)
        context.streams.out(lines.map { $0 + "\n" }.joined())
        return .passed
    }
}

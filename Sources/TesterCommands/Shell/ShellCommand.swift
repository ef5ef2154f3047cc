import ArgumentParser
import Platform
import Tester

/// An interactive session over one connection.
struct ShellCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Work with a server interactively over one connection.",
        usage: """
            mcp-test-mcp shell TARGET [options]
            mcp-test-mcp shell [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            The commands are those of the command line without the target, besides events, status, restart, respond and \
            help. Tab completes commands, names, arguments and their values; Ctrl-R searches the history; Ctrl-C cancels a \
            call; Ctrl-D ends the session. JSON needs no quotes.

            If standard input is not a terminal, its lines are the commands, and the exit code is that of the first one \
            that did not pass.

            Examples:
              mcp-test-mcp shell demo
              mcp-test-mcp shell --json server.py < commands.txt
            """
    )

    static var takesServerCommand: Bool { true }

    @Argument(help: .target)
    var words: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Input request options")
    var input: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var settingsSource: Environment.Source { options.settings.source }

    func run(in context: CommandContext) async throws(Failure) -> Exit {
        let choice = try TargetOptions.choice(words, in: context)
        try TargetOptions.refuse(choice.rest, after: "the target", in: context)
        guard input.answers.isEmpty, input.file == nil else {
            throw .usage(
                "--answer and --answers belong to a command of the session.",
                nextStep: "Give them there, as in: call ask --answer name=Ada"
            )
        }
        var context = context
        context.progress = ProgressLine(in: context, isEnabled: !output.verbose)
        let opening = try await TargetOpening(choice, options, input: input, usesModel: false, output, in: context)
        guard case .request(let request) = opening.outcome else { return opening.show(in: context) }
        let style = Style(output.color, environment: context.environment, isTerminal: context.streams.isErrorTerminal)
        let news = ShellNews(context.streams, style: style)
        var settings = options.settings(in: context, showsWire: output.verbose)
        settings.authorization = try await options.authorization.authorization(in: context)
        settings.onEvent = { news.received($0) }
        settings.onRestart = { news.restarted(because: $0, $1, $2) }
        let session = TesterSession(settings: settings, clock: context.clock)
        let shell = Shell(
            session: session,
            request: request,
            output: output,
            showsSecrets: opening.showsSecrets,
            news: news,
            style: style,
            context: context
        )
        return await shell.run()
    }
}

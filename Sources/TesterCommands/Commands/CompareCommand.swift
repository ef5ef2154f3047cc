import ArgumentParser
import JSON
import MCPClient
import Tester

/// Compares the results of the same call on two targets, or in two eras of one.
struct CompareCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare the results of the same call on two servers, or at two protocols.",
        usage: """
            mcp-test-mcp compare TARGET --with TARGET TOOL [ARGUMENT ...] [options]
            mcp-test-mcp compare TARGET --with-protocol PROTOCOL TOOL [ARGUMENT ...] [options]
            """,
        discussion: """
            Exits with 1 if the results differ. Times, random identifiers and durations are listed apart. Examples:
              mcp-test-mcp compare old.py --with new.py search query=swift
              mcp-test-mcp compare demo --protocol modern --with-protocol legacy weather city=Lisbon
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(
        help: ArgumentHelp("Name of the tool, or the URI or prompt with --resource and --prompt.", valueName: "tool")
    )
    var subject: String?

    @Argument(help: ArgumentHelp("Arguments as in call.", valueName: "argument"))
    var arguments: [String] = []

    @Option(help: ArgumentHelp("Second server (default: the same).", valueName: "target"))
    var with: String?

    @Option(
        help: ArgumentHelp("Protocol of the second connection (default: that of --protocol).", valueName: "protocol"),
        transform: TargetOptions.era
    )
    var withProtocol: EraChoice?

    @Flag(help: "Read a resource instead of calling a tool.")
    var resource = false

    @Flag(help: "Get a prompt instead of calling a tool.")
    var prompt = false

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target, subject].compactMap(\.self) + arguments }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let subject = words.first else {
            throw .usage("Missing tool name.", nextStep: "Give a tool with its arguments, or a URI with --resource.")
        }
        guard with != nil || withProtocol != nil else {
            throw .usage(
                "Missing --with or --with-protocol.",
                nextStep: "Name the second server, or the protocol of the second connection."
            )
        }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        let second = try await secondTarget(in: context)
        return { [resource, prompt, withProtocol] (session) throws(Failure) in
            let arguments = try await CallCommand.arguments(input, of: subject, session)
            let name = "second"
            let first = session.connections.last?.name
            var connected = await session.connect(.init(target: second, name: name, era: withProtocol))
            if let failure = connected.failure {
                connected.failure?.message = "The connection to compare with failed: \(failure.message)"
                return connected
            }
            let call: TesterSession.ComparedCall =
                resource
                ? .resource(subject)
                : prompt ? .prompt(subject, arguments: arguments) : .tool(subject, arguments: arguments)
            return await session.compare(call, with: .connection(name), on: first)
        }
    }

    private func secondTarget(in context: CommandContext) async throws(Failure) -> Target {
        guard let with else {
            return try await options.target(try TargetOptions.choice(words, in: context), in: context)
        }
        return try await options.target(
            TargetChoice(name: with == "demo" ? .demo : .path(with), rest: []),
            in: context
        )
    }
}

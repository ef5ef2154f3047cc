import ArgumentParser
import Tester

/// Checks arguments of a tool without calling it.
struct ValidateCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check arguments against a tool's schema without calling it, and correct them.",
        usage: """
            mcp-test-mcp validate TARGET TOOL [ARGUMENT ...] [options]
            mcp-test-mcp validate TOOL [ARGUMENT ...] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Example:
              mcp-test-mcp validate demo add '{"a": "1", "c": 2}'
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the tool.", valueName: "tool"))
    var tool: String?

    @Argument(
        help: ArgumentHelp(
            "Arguments as in call: name=value, name:=json, an object {…}, @file or - (standard input).",
            valueName: "argument"
        )
    )
    var arguments: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target, tool].compactMap(\.self) + arguments }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let tool = words.first else { throw CallCommand.missingTool }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        return { (session) throws(Failure) in
            let arguments = try await CallCommand.arguments(input, of: tool, session, mismatch: .isKept)
            return await session.validateArguments(arguments, of: tool)
        }
    }
}

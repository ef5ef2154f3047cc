import ArgumentParser
import Tester

/// Shows one tool of a target.
struct DescribeCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show one tool: signature, example arguments, findings about its definition.",
        usage: """
            mcp-test-mcp describe TARGET TOOL [options]
            mcp-test-mcp describe TOOL [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the tool.", valueName: "tool"))
    var tool: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target].compactMap(\.self) + tool }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let tool = words.first else { throw CallCommand.missingTool }
        try TargetOptions.refuse(words.dropFirst(), after: "the tool", in: context)
        return { await $0.describeTool(tool) }
    }
}

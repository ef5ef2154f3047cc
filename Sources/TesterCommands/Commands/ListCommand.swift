import ArgumentParser
import MCPClient
import Tester

/// Lists what a target has.
struct ListCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List a server's tools, resources and prompts.",
        usage: """
            mcp-test-mcp list TARGET [--tools] [--resources] [--prompts] [options]
            mcp-test-mcp list [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var words: [String] = []

    @Flag(help: "List the tools.")
    var tools = false

    @Flag(help: "List the resources and resource templates.")
    var resources = false

    @Flag(help: "List the prompts.")
    var prompts = false

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    /// Everything, unless something in particular is asked for.
    private var kinds: [ListKind] {
        let chosen = (tools ? [ListKind.tools] : []) + (resources ? [.resources, .resourceTemplates] : [])
        let kinds = chosen + (prompts ? [.prompts] : [])
        return kinds.isEmpty ? ListKind.allCases : kinds
    }

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        return { [kinds] in await $0.list(kinds) }
    }
}

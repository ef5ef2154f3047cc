import ArgumentParser
import MCPClient
import Tester

/// Lists the tools, resources and prompts of a target.
struct ListCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List a server's tools, resources and prompts.",
        usage: """
            mcp-test-mcp list TARGET [--tools] [--resources] [--templates] [--prompts] [options]
            mcp-test-mcp list [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: .target)
    var words: [String] = []

    @Flag(help: "List the tools.")
    var tools = false

    @Flag(help: "List the resources and resource templates.")
    var resources = false

    @Flag(help: "List the resource templates.")
    var templates = false

    @Flag(help: "List the prompts.")
    var prompts = false

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    /// The chosen kinds, or all if none is chosen.
    private var kinds: [ListKind] {
        let chosen = (tools ? [ListKind.tools] : []) + (resources ? [.resources] : [])
        let kinds = chosen + (resources || templates ? [.resourceTemplates] : []) + (prompts ? [.prompts] : [])
        return kinds.isEmpty ? ListKind.allCases : kinds
    }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        return { [kinds] in await $0.list(kinds) }
    }
}

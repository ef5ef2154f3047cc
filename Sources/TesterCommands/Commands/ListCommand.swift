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
            """,
        discussion: "Kinds may also be words after the target, as in `mcp-test-mcp list demo tools`."
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

    /// The chosen kinds, or all if none is chosen; a kind may also be given as a word, as in suites.
    private func kinds(_ words: Set<String>) -> [ListKind] {
        let resources = resources || words.contains("resources")
        var kinds: [ListKind] = tools || words.contains("tools") ? [.tools] : []
        if resources { kinds.append(.resources) }
        if resources || templates || words.contains("templates") { kinds.append(.resourceTemplates) }
        if prompts || words.contains("prompts") { kinds.append(.prompts) }
        return kinds.isEmpty ? ListKind.allCases : kinds
    }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        let names: Set = ["tools", "resources", "templates", "prompts"]
        try TargetOptions.refuse(words.filter { !names.contains($0) }, after: "the target", in: context)
        return { [kinds = kinds(Set(words))] in await $0.list(kinds) }
    }
}

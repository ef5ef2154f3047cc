import ArgumentParser
import Tester

/// Shows what a target is and supports.
struct CapabilitiesCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "capabilities",
        abstract: "Show a server's eras and versions, its instructions, capabilities and extensions.",
        usage: """
            mcp-test-mcp capabilities TARGET [options]
            mcp-test-mcp capabilities [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: .target)
    var words: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        return { await $0.capabilities() }
    }
}

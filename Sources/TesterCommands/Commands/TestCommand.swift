import ArgumentParser
import Tester

/// Connects to a target, lists everything and checks it.
struct TestCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check a server: connect, list everything it declares, and report faults.",
        usage: """
            mcp-test-mcp test TARGET [options]
            mcp-test-mcp test [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Checks every tool, resource and prompt against the protocol, reads every schema, and reports whatever was odd \
            on the wire. Calls no tool.
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
        return { await $0.testServer() }
    }
}

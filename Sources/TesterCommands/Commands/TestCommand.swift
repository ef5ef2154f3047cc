import ArgumentParser
import Tester

/// Connects to a target, lists everything and checks what it says.
struct TestCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check a server: connect, list everything it declares, and look for faults.",
        usage: """
            mcp-test-mcp test TARGET [options]
            mcp-test-mcp test [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Nothing of the server is called. Every tool, resource and prompt is held against the protocol, every schema is \
            read, and whatever was odd on the wire is named.
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var words: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        return { await $0.testServer() }
    }
}

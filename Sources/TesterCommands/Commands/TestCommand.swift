import ArgumentParser
import Tester

/// Connects to a target, lists everything and checks it.
struct TestCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test a server: connect, list everything it declares, and report faults.",
        usage: """
            mcp-test-mcp test TARGET [options]
            mcp-test-mcp test [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Checks every tool, resource and prompt against the protocol, reads every schema, and reports anything unusual \
            on the wire. With --full, also calls the tools that are declared read-only, reads the resources, renders the \
            prompts, and tries the other protocol era and the shutdown. Calls no other tool unless --call names it.
            """
    )

    @Argument(help: .target)
    var words: [String] = []

    @Flag(help: "Also use everything that is safe to use.")
    var full = false

    @Option(
        help: ArgumentHelp(
            "Call this tool although it is not declared read-only. Repeatable. Arguments are made from its schema.",
            valueName: "tool"
        )
    )
    var call: [String] = []

    @Option(
        help: ArgumentHelp("File of arguments for tools, prompts and templates, as for check.", valueName: "file")
    )
    var samples: String?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    /// `--full` judges the exit, and some interpreters need longer than the usual limit.
    var exitLimit: Duration? { full ? .seconds(5) : nil }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        try TargetOptions.refuse(words, after: "the target", in: context)
        var request = TestRequest()
        request.isFull = full
        request.calls = call
        if let samples { request.samples = try Samples(try await CheckCommand.json(in: samples, context)) }
        request.closesConnection = !context.keepsConnection
        if let progress = context.progress { request.onProgress = { progress.show($0) } }
        return { [request] in await $0.testServer(request) }
    }
}

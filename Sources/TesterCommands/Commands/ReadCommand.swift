import ArgumentParser
import Tester

/// Reads a resource of a target.
struct ReadCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Read a resource.",
        usage: """
            mcp-test-mcp read TARGET URI [options]
            mcp-test-mcp read URI [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("URI of the resource, sent unchanged.", valueName: "uri"))
    var uri: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Input request options")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target].compactMap(\.self) + uri }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let uri = words.first else {
            throw .usage("Missing resource URI.", nextStep: "List them with: \(Program.name) list TARGET --resources")
        }
        try TargetOptions.refuse(words.dropFirst(), after: "the URI", in: context)
        let callOptions = CallOptions(input: try await inputOptions.plan(in: context), relay: context.progress)
        return { await $0.readResource(uri, with: callOptions) }
    }
}

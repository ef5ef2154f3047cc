import ArgumentParser
import Tester

/// Reads a resource of a target.
struct ReadCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Read a resource of a server.",
        usage: """
            mcp-test-mcp read TARGET URI [options]
            mcp-test-mcp read URI [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var target: String?

    @Argument(help: ArgumentHelp("The resource's URI, sent as it is given.", valueName: "uri"))
    var uri: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "What the server asks")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var input: InputOptions? { inputOptions }
    var words: [String] { [target].compactMap(\.self) + uri }

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let uri = words.first else {
            throw .usage("No URI is given.", nextStep: "List them with: \(Program.name) list TARGET --resources")
        }
        try TargetOptions.refuse(words.dropFirst(), after: "the URI", in: context)
        let options = CallOptions(input: try inputOptions.plan(in: context))
        return { await $0.readResource(uri, with: options) }
    }
}

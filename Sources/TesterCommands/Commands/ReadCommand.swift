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

    @OptionGroup
    var request: RequestOptions

    var words: [String] { [target].compactMap(\.self) + uri }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let uri = words.first else {
            throw .usage("Missing resource URI.", nextStep: "List them with: \(Program.name) list TARGET --resources")
        }
        try TargetOptions.refuse(words.dropFirst(), after: "the URI", in: context)
        let options = CallOptions(input: try await request.input.plan(in: context), relay: context.progress)
        return { await $0.readResource(uri, with: options) }
    }
}

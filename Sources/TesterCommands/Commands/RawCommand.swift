import ArgumentParser
import JSON
import Tester

/// Sends any method, or any bytes at all.
struct RawCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw",
        abstract: "Send any method with any parameters, or any bytes, and show what came back.",
        usage: """
            mcp-test-mcp raw TARGET METHOD [PARAMS] [options]
            mcp-test-mcp raw TARGET --bytes BYTES [options]
            mcp-test-mcp raw METHOD [PARAMS] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            The connection is made as always; then one message is sent.
              mcp-test-mcp raw demo tools/list
              mcp-test-mcp raw demo no/such/method '{"a": 1}'
              mcp-test-mcp raw demo --bytes '{"jsonrpc": "2.0", "id": 7'
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var target: String?

    @Argument(help: ArgumentHelp("The method's name, such as tools/list.", valueName: "method"))
    var method: String?

    @Argument(help: ArgumentHelp("Its parameters: an object {…}, @file, or - for standard input.", valueName: "params"))
    var params: [String] = []

    @Option(
        help: ArgumentHelp(
            "Send these bytes as one line in place of a method: the text itself, @file, or - for standard input.",
            valueName: "bytes"
        )
    )
    var bytes: String?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target, method].compactMap(\.self) + params }

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        if let bytes {
            try TargetOptions.refuse(words, after: "--bytes, which is in place of a method", in: context)
            var content = try await ArgumentInput.bytes(of: bytes, from: context.inputs).bytes
            // The transport ends the line; a file usually has an end of line of its own.
            if content.last == 0x0A { content.removeLast() }
            return { [content] in await $0.raw(.bytes(content)) }
        }
        guard let method = words.first else {
            throw .usage(
                "Neither a method nor --bytes is given.",
                nextStep: "Give a method's name, such as tools/list."
            )
        }
        let params = try await params(Array(words.dropFirst()), context)
        return { await $0.raw(.method(method, params: params)) }
    }

    private func params(_ words: [String], _ context: CommandContext) async throws(Failure) -> JSONObject? {
        switch try await ArgumentInput(words, from: context.inputs) {
        case .none: nil
        case .object(let text): text.value().object
        case .pairs(let pairs): try ArgumentCoercion(schema: nil).object(of: pairs)
        }
    }
}

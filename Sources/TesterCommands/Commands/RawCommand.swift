import ArgumentParser
import JSON
import Tester

/// Sends any method, or any bytes.
struct RawCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw",
        abstract: "Send any method with any parameters, or any bytes, and show the response.",
        usage: """
            mcp-test-mcp raw TARGET METHOD [PARAMS] [options]
            mcp-test-mcp raw TARGET --bytes BYTES [options]
            mcp-test-mcp raw METHOD [PARAMS] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Connects as usual, then sends one message. Examples:
              mcp-test-mcp raw demo tools/list
              mcp-test-mcp raw demo tools/call name=echo --dry-run
              mcp-test-mcp raw demo no/such/method '{"a": 1}'
              mcp-test-mcp raw demo --bytes '{"jsonrpc": "2.0", "id": 7'
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the method, such as tools/list.", valueName: "method"))
    var method: String?

    @Argument(
        help: ArgumentHelp(
            "Parameters: an object {…}, name=value, name:=json, @file, or - for standard input.",
            valueName: "params"
        )
    )
    var params: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bytes to send as one line instead of a method: the text itself, @file, or - for standard input.",
            valueName: "bytes"
        )
    )
    var bytes: String?

    @Flag(help: "Show the bytes and HTTP headers that would be sent, and send nothing.")
    var dryRun = false

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target, method].compactMap(\.self) + params }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        if let bytes {
            try TargetOptions.refuse(words, after: "--bytes, which replaces the method", in: context)
            var content = try await ArgumentInput.bytes(of: bytes, from: context.inputs).bytes
            // The transport adds the line feed; a file usually ends with one.
            if content.last == 0x0A { content.removeLast() }
            return { [content, dryRun] in await Self.perform(.bytes(content), dryRun: dryRun, in: $0) }
        }
        guard let method = words.first else {
            throw .usage(
                "Missing method name.",
                nextStep: "Give a method, such as tools/list, or --bytes."
            )
        }
        let params = try await params(Array(words.dropFirst()), context)
        return { [dryRun] in await Self.perform(.method(method, params: params), dryRun: dryRun, in: $0) }
    }

    private static func perform(
        _ request: TesterSession.RawRequest,
        dryRun: Bool,
        in session: TesterSession
    ) async -> Report {
        dryRun ? await session.inspect(.request(request, isSent: false)) : await session.raw(request)
    }

    private func params(_ words: [String], _ context: CommandContext) async throws(Failure) -> JSONObject? {
        switch try await ArgumentInput(words, from: context.inputs) {
        case .none: nil
        case .object(let text): text.value().object
        case .pairs(let pairs): try ArgumentCoercion(schema: nil).object(of: pairs)
        }
    }
}

import ArgumentParser
import JSON
import Tester

/// Calls a tool of a target.
struct CallCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call a tool of a server and show exactly what it answered.",
        usage: """
            mcp-test-mcp call TARGET TOOL [ARGUMENT ...] [options]
            mcp-test-mcp call TOOL [ARGUMENT ...] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Examples:
              mcp-test-mcp call demo echo message=hello
              mcp-test-mcp call server.py search query=swift limit=5 tags:='["a", "b"]'
              mcp-test-mcp call server.py search @arguments.json
              mcp-test-mcp call search '{"query": "swift"}' -- uv run server.py
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var target: String?

    @Argument(help: ArgumentHelp("The tool's name.", valueName: "tool"))
    var tool: String?

    @Argument(
        help: ArgumentHelp(
            """
            name=value (made to fit the tool's schema), name:=json (sent exactly), or all in one: an object {…}, \
            @file or - for standard input.
            """,
            valueName: "argument"
        )
    )
    var arguments: [String] = []

    @Flag(help: "Call the tool also when its schema makes it uncallable over HTTP.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "Let the server make a task of the call: wait for its result, or show its handle.",
            valueName: "wait|handle"
        ),
        transform: Self.wish
    )
    var task: TaskMode?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "What the server asks")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var input: InputOptions? { inputOptions }
    var words: [String] { [target, tool].compactMap(\.self) + arguments }

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let tool = words.first else {
            throw .usage("No tool is named.", nextStep: "List the tools with: \(Program.name) list TARGET --tools")
        }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        let options = CallOptions(input: try inputOptions.plan(in: context))
        return { [force, task] (session) throws(Failure) in
            let arguments = try await Self.arguments(input, of: tool, session)
            return await session.callTool(tool, arguments: arguments, with: options, task: task, force: force)
        }
    }

    private static func wish(_ text: String) throws -> TaskMode {
        guard let wish = TaskMode(rawValue: text) else {
            throw ValidationError("\"\(text)\" is none of wait, handle")
        }
        return wish
    }

    private static func arguments(
        _ input: ArgumentInput,
        of tool: String,
        _ session: TesterSession
    ) async throws(Failure) -> JSONText? {
        switch input {
        case .none: return nil
        case .object(let text): return text
        case .pairs(let pairs):
            let schema = input.needsSchema ? await session.inputSchema(of: tool) : nil
            return JSONText(.object(try ArgumentCoercion(schema: schema).object(of: pairs)))
        }
    }
}

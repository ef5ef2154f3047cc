import ArgumentParser
import JSON
import Tester

/// Calls a tool of a target.
struct CallCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call a tool and show its result exactly as sent.",
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

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the tool.", valueName: "tool"))
    var tool: String?

    @Argument(
        help: ArgumentHelp(
            """
            name=value (converted to the type in the tool's schema), name:=json (sent unchanged), or all arguments as an \
            object {…}, @file or - (standard input).
            """,
            valueName: "argument"
        )
    )
    var arguments: [String] = []

    @Flag(help: "Call the tool even if its schema makes it uncallable over HTTP.")
    var force = false

    @Option(
        help: ArgumentHelp(
            "Let the server run the call as a task: wait for its result, or show the task.",
            valueName: "wait|handle"
        ),
        transform: Self.taskMode
    )
    var task: TaskMode?

    @Option(
        help: ArgumentHelp(
            """
            Add the call as a case to this suite, with what was observed as the expectation. A tool that is declared \
            read-only is called twice, to learn what varies.
            """,
            valueName: "file"
        )
    )
    var save: String?

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Input request options")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target, tool].compactMap(\.self) + arguments }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let tool = words.first else {
            throw Self.missingTool
        }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        let callOptions = CallOptions(input: try await inputOptions.plan(in: context), relay: context.progress)
        return { [force, task, save] (session) throws(Failure) in
            let arguments = try await Self.arguments(input, of: tool, session)
            var report = await session.callTool(tool, arguments: arguments, with: callOptions, task: task, force: force)
            if let save, report.pending == nil {
                try await SavedCall(file: save).save(&report, in: session)
            }
            return report
        }
    }

    private static func taskMode(_ text: String) throws -> TaskMode {
        guard let mode = TaskMode(rawValue: text) else {
            throw ValidationError("Unknown task mode \"\(text)\". Use wait or handle")
        }
        return mode
    }

    static let missingTool = Failure.usage(
        "Missing tool name.",
        nextStep: "List the tools with: \(Program.name) list TARGET --tools"
    )

    /// The arguments of a tool, converted by its schema where they are typed as words.
    ///
    /// The tools are listed in any case, so that arguments and result can be checked.
    static func arguments(
        _ input: ArgumentInput,
        of tool: String,
        _ session: TesterSession,
        mismatch: ArgumentCoercion.Mismatch = .isRefused
    ) async throws(Failure) -> JSONText? {
        let schema = await session.inputSchema(of: tool)
        switch input {
        case .none: return nil
        case .object(let text): return text
        case .pairs(let pairs):
            return JSONText(.object(try ArgumentCoercion(schema: schema, mismatch: mismatch).object(of: pairs)))
        }
    }
}

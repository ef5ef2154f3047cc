import ArgumentParser
import JSON
import Tester

/// Gets a prompt of a target.
struct PromptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Get a prompt with its arguments filled in, or have a model respond to it (--llm).",
        usage: """
            mcp-test-mcp prompt TARGET NAME [ARGUMENT ...] [options]
            mcp-test-mcp prompt NAME [ARGUMENT ...] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Examples:
              mcp-test-mcp prompt demo summarize text=hello
              LLM_URL=http://localhost:11434/v1 LLM_MODEL_NAME=llama3.2 mcp-test-mcp prompt demo summarize text=hello --llm
              mcp-test-mcp prompt server.py report --llm-config @model.json --fill topic=Swift
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the prompt.", valueName: "name"))
    var prompt: String?

    @Argument(
        help: ArgumentHelp(
            "name=value, name:=json (to send a value that is not a string), an object {…}, @file or -.",
            valueName: "argument"
        )
    )
    var arguments: [String] = []

    @OptionGroup(title: "Model options")
    var model: ModelRunOptions

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Input request options")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var usesModel: Bool { model.isGiven }

    var words: [String] { [target, prompt].compactMap(\.self) + arguments }

    func operation(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let prompt = words.first else {
            throw .usage("Missing prompt name.", nextStep: "List them with: \(Program.name) list TARGET --prompts")
        }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        let arguments: JSONText? =
            switch input {
            case .none: nil
            case .object(let text): text
            // The protocol allows only strings here, so that no schema is needed.
            case .pairs(let pairs): JSONText(.object(try ArgumentCoercion(schema: nil).object(of: pairs)))
            }
        let callOptions = CallOptions(input: try await inputOptions.plan(in: context), relay: context.progress)
        if model.isGiven {
            let (settings, variables) = (try await model.options(in: context), try model.variables())
            try context.environment.model.check(settings)
            let object = arguments?.value().object ?? [:]
            return {
                await $0.executePrompt(prompt, arguments: object, filling: variables, by: settings, with: callOptions)
            }
        }
        return { await $0.getPrompt(prompt, arguments: arguments, with: callOptions) }
    }
}

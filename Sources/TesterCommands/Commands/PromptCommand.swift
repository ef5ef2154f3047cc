import ArgumentParser
import JSON
import Tester

/// Gets a prompt of a target.
struct PromptCommand: RequestCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Get a prompt with its arguments filled in.",
        usage: """
            mcp-test-mcp prompt TARGET NAME [ARGUMENT ...] [options]
            mcp-test-mcp prompt NAME [ARGUMENT ...] [options] -- COMMAND [ARGUMENT ...]
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

    @OptionGroup
    var request: RequestOptions

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
        let options = CallOptions(input: try await request.input.plan(in: context))
        return { await $0.getPrompt(prompt, arguments: arguments, with: options) }
    }
}

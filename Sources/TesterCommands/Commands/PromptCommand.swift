import ArgumentParser
import JSON
import Tester

/// Fills in a prompt of a target.
struct PromptCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Fill in a prompt of a server and show its messages.",
        usage: """
            mcp-test-mcp prompt TARGET NAME [ARGUMENT ...] [options]
            mcp-test-mcp prompt NAME [ARGUMENT ...] [options] -- COMMAND [ARGUMENT ...]
            """
    )

    @Argument(help: ArgumentHelp("A server's URL or file, its command in quotes, or \"demo\".", valueName: "target"))
    var target: String?

    @Argument(help: ArgumentHelp("The prompt's name.", valueName: "name"))
    var prompt: String?

    @Argument(
        help: ArgumentHelp(
            "name=value, name:=json (to break the rule that values are strings), an object {…}, @file or -.",
            valueName: "argument"
        )
    )
    var arguments: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "What the server asks")
    var inputOptions: InputOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var input: InputOptions? { inputOptions }
    var words: [String] { [target, prompt].compactMap(\.self) + arguments }

    func question(_ words: [String], in context: CommandContext) async throws(Failure) -> Operation {
        guard let prompt = words.first else {
            throw .usage("No prompt is named.", nextStep: "List them with: \(Program.name) list TARGET --prompts")
        }
        let input = try await ArgumentInput(Array(words.dropFirst()), from: context.inputs)
        let arguments: JSONText? =
            switch input {
            case .none: nil
            case .object(let text): text
            // The protocol knows only strings here, so there is nothing to look up.
            case .pairs(let pairs): JSONText(.object(try ArgumentCoercion(schema: nil).object(of: pairs)))
            }
        let options = CallOptions(input: try inputOptions.plan(in: context))
        return { await $0.getPrompt(prompt, arguments: arguments, with: options) }
    }
}

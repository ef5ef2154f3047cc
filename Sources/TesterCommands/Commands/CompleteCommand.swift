import ArgumentParser
import JSON
import Tester

/// Completes an argument of a prompt or a resource template.
struct CompleteCommand: TargetCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Get a server's completions for an argument of a prompt or a resource template.",
        usage: """
            mcp-test-mcp complete TARGET (--prompt NAME | --template URI) ARGUMENT [VALUE] [options]
            mcp-test-mcp complete (--prompt NAME | --template URI) ARGUMENT [VALUE] [options] -- COMMAND [ARGUMENT ...]
            """,
        discussion: """
            Example:
              mcp-test-mcp complete demo --template 'demo://weather/{city}' city Li
            """
    )

    @Argument(help: .target)
    var target: String?

    @Argument(help: ArgumentHelp("Name of the argument, and what was typed of it so far.", valueName: "argument"))
    var argument: [String] = []

    @Option(help: ArgumentHelp("Prompt that has the argument.", valueName: "name"))
    var prompt: String?

    @Option(help: ArgumentHelp("Resource template that has the variable.", valueName: "uri"))
    var template: String?

    @Option(help: ArgumentHelp("Argument that is already filled in. Repeatable.", valueName: "name=value"))
    var context: [String] = []

    @OptionGroup(title: "Server options")
    var options: TargetOptions

    @OptionGroup(title: "Output options")
    var output: OutputOptions

    var words: [String] { [target].compactMap(\.self) + argument }

    func operation(_ words: [String], in surroundings: CommandContext) async throws(Failure) -> Operation {
        guard let argument = words.first else {
            throw .usage("Missing argument name.", nextStep: "Give the name of the argument to complete.")
        }
        let value = words.dropFirst().first ?? ""
        try TargetOptions.refuse(words.dropFirst(2), after: "the value", in: surroundings)
        let subject: TesterSession.CompletionSubject
        switch (prompt, template) {
        case (let name?, nil): subject = .prompt(name)
        case (nil, let uri?): subject = .template(uri)
        default: throw .usage("Give either --prompt or --template.", nextStep: "Name what has the argument.")
        }
        var filled = JSONObject()
        for word in context {
            guard let sign = word.firstIndex(of: "="), sign != word.startIndex else {
                throw .usage("A --context argument is not name=value.", nextStep: "Write --context name=value.")
            }
            filled[String(word[..<sign])] = .string(String(word[word.index(after: sign)...]))
        }
        return { [filled] in
            await $0.complete(argument, of: subject, value: value, context: filled.isEmpty ? nil : filled)
        }
    }
}

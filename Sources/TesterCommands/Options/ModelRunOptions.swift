import ArgumentParser
import JSON
import Tester

/// Whether and how a prompt is sent to a model.
struct ModelRunOptions: ParsableArguments {
    @Flag(help: "Send the prompt to the model at LLM_URL and show its response.")
    var llm = false

    @Option(
        help: ArgumentHelp(
            """
            Model and parameters for --llm, as an object or @FILE: url, model, api_key (in a file only), provider \
            (openai or anthropic), system, max_tokens, temperature, timeout, headers, and other parameters of the API.
            """,
            valueName: "json|@file"
        )
    )
    var llmConfig: String?

    @Option(
        help: ArgumentHelp(
            "Value for {{name}} or {name} in the prompt's text, before it is sent to the model. Repeatable.",
            valueName: "name=value"
        )
    )
    var fill: [String] = []

    /// Whether a model is used.
    var isGiven: Bool { llm || llmConfig != nil || !fill.isEmpty }

    /// The model and its parameters.
    ///
    /// - Throws: ``Failure`` for an invalid configuration, and for a key on the command line.
    func options(in context: CommandContext) async throws(Failure) -> ModelOptions {
        guard let llmConfig else { return ModelOptions() }
        guard case .object(let text) = try await ArgumentInput([llmConfig], from: context.inputs) else {
            throw .usage(
                "--llm-config is neither a JSON object nor @FILE.",
                nextStep: "Write --llm-config '{\"model\": \"…\"}'."
            )
        }
        let object = text.value().object ?? [:]
        if llmConfig.hasPrefix("{"), let name = ["api_key", "headers"].first(where: { object[$0] != nil }) {
            throw .usage(
                "--llm-config does not accept `\(name)` on the command line: other users of this machine could read it.",
                nextStep: "Set LLM_API_KEY, or put the object into a file and write --llm-config @FILE."
            )
        }
        return try ModelOptions(object)
    }

    /// The values for placeholders; nil if there are none.
    func variables() throws(Failure) -> JSONObject? {
        guard !fill.isEmpty else { return nil }
        var variables: JSONObject = [:]
        for word in fill {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw .usage("A --fill argument is not name=value.", nextStep: "Write --fill topic=Swift.")
            }
            variables[String(word[..<equals])] = .string(String(word[word.index(after: equals)...]))
        }
        return variables
    }
}

import JSON
import Tester

extension TesterTool {
    static let executePromptWithLLM = TesterTool(
        "execute_prompt_with_llm",
        title: "Execute a prompt",
        """
        Get a prompt of the connected server, send its messages to a language model (OpenAI-compatible or Anthropic), and \
        show request, response and JSON in it.
        """,
        parameters: [
            "prompt_name": parameter("string", "Prompt name."),
            "prompt_arguments": objectOrText("Prompt arguments."),
            "fill_variables": objectOrText("Values for {{name}} or {name} in the prompt's text."),
            "llm_config": objectOrText("url, model, api_key, provider, max_tokens, … (default: LLM_URL and so on)."),
            "connection_name": connectionName,
        ],
        required: ["prompt_name"],
        effect: .changes(isIdempotent: false),
        result: [.object("llm_response")]
    ) { (session, input, host) throws(Failure) in
        await session.executePrompt(
            input.string("prompt_name") ?? "",
            arguments: try input.objectOrText("prompt_arguments") ?? [:],
            filling: try input.objectOrText("fill_variables"),
            by: try ModelOptions(try input.objectOrText("llm_config") ?? [:]),
            with: try input.callOptions(host)
        )
    }

    private static func objectOrText(_ description: String) -> JSONValue {
        ["type": ["object", "string"], "description": .string(description)]
    }
}

extension ToolInput {
    /// The object with a name, which may be given as JSON text; `nil` if it is omitted, null or empty text.
    ///
    /// - Throws: ``Failure`` of the class `usage`, which does not repeat the text: it may hold a key.
    fileprivate func objectOrText(_ name: String) throws(Failure) -> JSONObject? {
        guard let text = string(name) else { return object(name) }
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            throw .usage("\(name) is not valid JSON: \(error).", nextStep: "Give a JSON object, or its text.")
        }
        guard let object = value.object else {
            if value.isNull { return nil }
            throw .usage(
                "\(name) is a JSON value of type \(value.typeName); expected an object.",
                nextStep: "Give a JSON object, or its text."
            )
        }
        return object
    }
}

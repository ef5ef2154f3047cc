public import JSON
import MCPHTTP
import MCPHTTPClient
import TextUtilities

/// How one prompt is sent to a model: `llm_config` of the first mcp-test-mcp, and more.
///
/// What is omitted comes from ``ModelSettings``.
public struct ModelOptions: Sendable {
    /// The default of `max_tokens`, that of the first mcp-test-mcp.
    static let defaultMaxTokens = 1000

    /// The base URL, or that of the API.
    var url: String?
    /// The name of the model.
    var name: String?
    /// The key; an empty one means none.
    var key: String?
    /// The API, if the URL does not show it.
    var dialect: ModelDialect?
    /// Further headers, whose values are never shown.
    var headers: [HTTPField] = []
    /// The timeout of the response.
    var limit: Duration?
    /// The system prompt.
    var systemPrompt: String?
    /// The parameters, sent with their names; one that is null in the configuration is omitted.
    var parameters: JSONObject = ["max_tokens": JSONValue(defaultMaxTokens), "temperature": 0.7]

    /// The defaults.
    public init() {}

    /// Reads `llm_config`.
    ///
    /// Keys that are not known here are parameters of the API, such as `top_p`, and are sent unchanged.
    ///
    /// - Throws: ``Failure`` of the type ``ErrorType/llmConfigError``; it does not repeat values.
    public init(_ json: JSONObject) throws(Failure) {
        for member in json.members {
            let value = member.value
            switch member.key {
            case "url": url = try Self.text(member)
            case "model": name = try Self.text(member)
            case "api_key": key = try Self.text(member)
            case "system": systemPrompt = try Self.text(member)
            case "provider":
                guard let text = try Self.text(member) else { continue }
                guard let dialect = ModelDialect(rawValue: text.lowercased()) else {
                    throw Self.fault(
                        "Unknown provider \"\(text.prefix(40))\".",
                        "Use openai (any compatible API) or anthropic, or omit it: the URL usually shows it."
                    )
                }
                self.dialect = dialect
            case "timeout":
                guard !value.isNull else { continue }
                guard let seconds = value.double, seconds > 0, seconds <= 86400 else {
                    throw Self.fault(
                        "`timeout` in llm_config is not a number of seconds above 0.",
                        "Give seconds, such as 120."
                    )
                }
                limit = .seconds(seconds)
            case "headers": headers = try Self.headers(value)
            default:
                try Self.check(member)
                // A literal `nil` would be the JSON value null.
                parameters[member.key] = value.isNull ? Optional.none : value
            }
        }
    }

    private static let names = [
        "url", "model", "api_key", "provider", "system", "timeout", "headers", "max_tokens", "temperature",
    ]
    private static let parameterNames: Set<String> = [
        "max_tokens", "temperature", "max_completion_tokens", "top_p", "top_k", "min_p", "seed", "stop",
        "stop_sequences",
        "n", "user", "metadata", "response_format", "reasoning_effort", "reasoning", "thinking", "presence_penalty",
        "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "tools", "tool_choice", "stream", "store",
        "service_tier", "verbosity", "extra_body", "options", "keep_alive", "think",
    ]
    /// Other names for known keys, which must not be sent as parameters.
    private static let aliases = [
        "base_url": "url", "api_base": "url", "endpoint": "url", "model_name": "model", "key": "api_key",
        "token": "api_key", "apikey": "api_key",
    ]

    /// Refuses a key that is misspelled, secret, or that this tool sets itself.
    private static func check(_ member: JSONObject.Member) throws(Failure) {
        let key = member.key
        if key == "messages" {
            throw fault("`messages` in llm_config is not allowed: the messages come from the prompt.", "Remove it.")
        }
        if key == "stream", member.value.bool == true {
            throw fault("`stream` in llm_config is not supported: the response is read as a whole.", "Remove it.")
        }
        guard !parameterNames.contains(key) else { return }
        let letters = key.lowercased().filter { $0 != "-" && $0 != "_" }
        let meant =
            aliases[key.lowercased()] ?? aliases[letters] ?? nearest(key, among: names)
            ?? (member.value.string != nil && Redaction.isSecret(key) ? "api_key" : nil)
        guard let meant else { return }
        throw fault(
            "Unknown key `\(key)` in llm_config. Did you mean `\(meant)`?",
            "Rename it to `\(meant)`, or remove it."
        )
    }

    private static func text(_ member: JSONObject.Member) throws(Failure) -> String? {
        if member.value.isNull { return nil }
        guard let text = member.value.string else {
            throw fault(
                "`\(member.key)` in llm_config is a JSON value of type \(member.value.typeName); expected a string.",
                "Give a string."
            )
        }
        return text
    }

    private static func headers(_ value: JSONValue) throws(Failure) -> [HTTPField] {
        if value.isNull { return [] }
        let members = value.object?.members ?? []
        guard value.object != nil, members.allSatisfy({ $0.value.string != nil }) else {
            throw fault("`headers` in llm_config is not an object of strings.", "Give {\"NAME\": \"VALUE\"}.")
        }
        return members.map { HTTPField($0.key, $0.value.string ?? "") }
    }

    static func fault(_ message: String, _ nextStep: String) -> Failure {
        Failure(.usage, .llmConfigError, message, nextStep: nextStep)
    }
}

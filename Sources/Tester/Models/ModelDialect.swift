import JSON
import MCPHTTP
import MCPHTTPClient

/// The API that a model is reached by.
public enum ModelDialect: String, Sendable, CaseIterable {
    /// Chat completions, as OpenAI and most other servers of models offer them.
    case openAI = "openai"
    /// The Anthropic Messages API.
    case anthropic

    /// Determines the dialect from a URL.
    ///
    /// The path decides if it is that of an API, otherwise the host or a last path component `anthropic`.
    init(of url: HTTPURL) {
        let path = Self.trimmed(url.path)
        if path.hasSuffix("/chat/completions") {
            self = .openAI
        } else if path.hasSuffix("/messages") || path.hasSuffix("/anthropic") || path.hasSuffix("/anthropic/v1") {
            self = .anthropic
        } else {
            self = url.host == "anthropic.com" || url.host.hasSuffix(".anthropic.com") ? .anthropic : .openAI
        }
    }

    /// How errors name the API.
    var title: String {
        switch self {
        case .openAI: "chat completions API"
        case .anthropic: "Anthropic Messages API"
        }
    }

    /// The URL of the API for a base URL with or without `/v1`, or for the whole URL.
    func endpoint(_ base: HTTPURL) -> HTTPURL {
        var url = base
        let path = Self.trimmed(base.path)
        switch self {
        case .openAI:
            // A base URL with a path has its version in it, or needs none.
            if path.hasSuffix("/chat/completions") {
                url.path = path
            } else {
                url.path = (path.isEmpty ? "/v1" : path) + "/chat/completions"
            }
        case .anthropic:
            if path.hasSuffix("/messages") {
                url.path = path
            } else {
                url.path = path + (path.hasSuffix("/v1") ? "/messages" : "/v1/messages")
            }
        }
        return url
    }

    private static func trimmed(_ path: String) -> String {
        var path = path
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The headers that the API requires.
    func fields(key: String?) -> [HTTPField] {
        switch self {
        case .openAI: key.map { [HTTPField("Authorization", "Bearer \($0)")] } ?? []
        case .anthropic:
            (key.map { [HTTPField("x-api-key", $0)] } ?? []) + [HTTPField("anthropic-version", Self.anthropicVersion)]
        }
    }

    /// The only version of the Messages API so far, a revision of that API and not of MCP.
    private static let anthropicVersion = "2023-06-01"

    /// The body of a request.
    ///
    /// - Throws: ``ModelFault`` for content that the API cannot carry; nothing is dropped silently.
    func body(of request: ModelRequest, model: String) throws(ModelFault) -> JSONObject {
        switch self {
        case .openAI: try ChatCompletions.body(of: request, model: model)
        case .anthropic: try AnthropicMessages.body(of: request, model: model)
        }
    }

    /// Reads a successful response.
    ///
    /// - Throws: ``ModelFault`` if it has no content.
    func response(_ json: JSONObject, to request: ModelRequest) throws(ModelFault) -> ModelResponse {
        switch self {
        case .openAI: try ChatCompletions.response(json, to: request)
        case .anthropic: try AnthropicMessages.response(json)
        }
    }
}

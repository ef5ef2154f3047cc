import JSON
public import MCPHTTPClient
import MCPTransport

/// A model behind an API like OpenAI's, from the variables `LLM_URL`, `LLM_MODEL_NAME` and `LLM_API_KEY`.
public struct ModelSettings: Sendable {
    /// The base URL, such as `https://api.example.com/v1`, or that of `/chat/completions`.
    public var url: String?
    /// The name of the model.
    public var name: String?
    /// The API key, sent as a bearer token and never shown; local models often need none.
    public var key: String?
    /// The proxy.
    public var proxy: ProxyChoice
    /// The limit of one response.
    public var limit: Duration

    /// Creates settings; without URL and name there is no model.
    public init(
        url: String? = nil,
        name: String? = nil,
        key: String? = nil,
        proxy: ProxyChoice = .none,
        limit: Duration = .seconds(120)
    ) {
        self.url = url
        self.name = name
        self.key = key
        self.proxy = proxy
        self.limit = limit
    }

    /// Checks that a model is configured if a policy needs one.
    ///
    /// - Throws: ``Failure`` of the type ``ErrorType/llmConfigError`` that names the variables.
    public func check(_ policy: InputPolicy) throws(Failure) {
        _ = try model(for: policy)
    }

    /// The model that a policy needs; `nil` if it needs none.
    func model(for policy: InputPolicy) throws(Failure) -> Model? {
        guard policy.usesModel else { return nil }
        let missing = [("LLM_URL", url), ("LLM_MODEL_NAME", name)].filter { $0.1?.isEmpty ?? true }.map(\.0)
        guard missing.isEmpty, let url, let name else {
            throw Self.failure(
                "No model is configured for input policy llm: \(missing.joined(separator: " and ")) "
                    + "\(missing.count == 1 ? "is" : "are") not set."
            )
        }
        var endpoint = HTTPEndpoint(url: Self.completions(url), proxy: proxy)
        endpoint.limits.responseBytes = Self.answerBytes
        if let key, !key.isEmpty {
            guard isToken(key) else {
                throw Self.failure("LLM_API_KEY has characters that an HTTP header cannot have, such as spaces.")
            }
            endpoint.headers = [HTTPField("Authorization", "Bearer \(key)")]
        }
        do {
            return Model(name: name, key: key, request: try PlainRequest(to: endpoint), limit: limit)
        } catch {
            throw Self.failure("LLM_URL cannot be used: \(error.message).")
        }
    }

    /// More than any model returns.
    private static let answerBytes = 16 << 20

    /// The URL of chat completions: the base URL with the path of the API, unless it has that.
    private static func completions(_ base: String) -> String {
        let end = base.firstIndex { $0 == "?" || $0 == "#" } ?? base.endIndex
        var path = base[..<end]
        while path.hasSuffix("/") { path.removeLast() }
        return path.hasSuffix("/chat/completions")
            ? "\(path)\(base[end...])" : "\(path)/chat/completions\(base[end...])"
    }

    private static func failure(_ message: String) -> Failure {
        Failure(
            .usage,
            .llmConfigError,
            message,
            nextStep:
                "Set LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and, if needed, LLM_API_KEY, or choose "
                + "another input_policy for sampling."
        )
    }
}

import JSON
public import MCPHTTPClient
import MCPTransport

/// Where a model is asked that speaks as OpenAI's does, as the variables `LLM_URL`, `LLM_MODEL_NAME` and `LLM_API_KEY` say.
public struct ModelSettings: Sendable {
    /// The base URL, such as `https://api.example.com/v1`, or the whole one of `/chat/completions`.
    public var url: String?
    /// The name of the model.
    public var name: String?
    /// The key, sent as a bearer token and never shown; models on one's own machine often need none.
    public var key: String?
    /// The way out to it.
    public var proxy: ProxyChoice
    /// How long one answer may take in all.
    public var limit: Duration

    /// Creates settings; with neither URL nor name there is no model.
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

    /// Sees that there is a model where a policy needs one.
    ///
    /// - Throws: ``Failure`` of the type ``ErrorType/llmConfigError`` that names the variables.
    public func check(_ policy: InputPolicy) throws(Failure) {
        _ = try model(for: policy)
    }

    /// The model that a policy needs; nothing where it needs none.
    func model(for policy: InputPolicy) throws(Failure) -> Model? {
        guard policy.usesModel else { return nil }
        let missing = [("LLM_URL", url), ("LLM_MODEL_NAME", name)].filter { $0.1?.isEmpty ?? true }.map(\.0)
        guard missing.isEmpty, let url, let name else {
            throw Self.failure(
                "No model is configured for the policy llm: \(missing.joined(separator: " and ")) "
                    + "\(missing.count == 1 ? "is" : "are") not set."
            )
        }
        var endpoint = HTTPEndpoint(url: Self.completions(url), proxy: proxy)
        endpoint.limits.responseBytes = Self.answerBytes
        if let key, !key.isEmpty {
            guard isToken(key) else {
                throw Self.failure("LLM_API_KEY has spaces or other characters that no header may have.")
            }
            endpoint.headers = [HTTPField("Authorization", "Bearer \(key)")]
        }
        do {
            return Model(name: name, key: key, request: try PlainRequest(to: endpoint), limit: limit)
        } catch {
            throw Self.failure("The model at LLM_URL cannot be asked: \(error.message).")
        }
    }

    /// Far more than a model says, and little enough to keep.
    private static let answerBytes = 16 << 20

    /// The URL to post to: the base and the path of the API, unless it ends so already.
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
                "Set LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and, where the model wants one, "
                + "LLM_API_KEY, in the environment or in a file .env; or choose another policy for sampling."
        )
    }
}

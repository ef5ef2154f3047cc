import JSON
import MCPHTTP
public import MCPHTTPClient
import MCPTransport

/// A model, from the variables `LLM_URL`, `LLM_MODEL_NAME` and `LLM_API_KEY`.
public struct ModelSettings: Sendable {
    /// The base URL, such as `https://api.example.com/v1`, or that of the API.
    public var url: String?
    /// The name of the model.
    public var name: String?
    /// The API key, never shown; local models often need none.
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
        return try model(
            ModelOptions(),
            for: "input policy llm",
            advice:
                "Set LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and, if needed, LLM_API_KEY, or choose "
                + "another input_policy for sampling."
        )
    }

    /// The model for one prompt.
    ///
    /// - Throws: ``Failure`` of the type ``ErrorType/llmConfigError``.
    public func check(_ options: ModelOptions) throws(Failure) {
        _ = try model(options)
    }

    /// The model for one prompt.
    func model(_ options: ModelOptions) throws(Failure) -> Model {
        try model(
            options,
            for: "execute_prompt_with_llm",
            advice:
                "Set LLM_URL (such as https://api.example.com/v1), LLM_MODEL_NAME and, if needed, LLM_API_KEY, or give url, "
                + "model and api_key in llm_config."
        )
    }

    private func model(_ options: ModelOptions, for purpose: String, advice: String) throws(Failure) -> Model {
        let name = Self.given(options.name) ?? Self.given(self.name)
        let text = Self.given(options.url) ?? Self.given(url)
        guard let name, let text else {
            let missing = [("LLM_URL", text), ("LLM_MODEL_NAME", name)].filter { $0.1 == nil }.map(\.0)
            var failure = ModelOptions.fault(
                "No model is configured for \(purpose): \(missing.joined(separator: " and ")) "
                    + "\(missing.count == 1 ? "is" : "are") not set.",
                advice
            )
            failure.details = [
                "has_url": .bool(text != nil), "has_model": .bool(name != nil),
                "has_api_key": .bool(Self.given(options.key ?? key) != nil),
            ]
            throw failure
        }
        let base = try Self.parse(text, isFromConfiguration: Self.given(options.url) != nil)
        let key = try self.key(options, for: base)
        let dialect = options.dialect ?? ModelDialect(of: base)
        let url = dialect.endpoint(base)
        var endpoint = HTTPEndpoint(url: url.requestText, proxy: proxy)
        endpoint.limits.responseBytes = Self.responseBytes
        endpoint.headers = dialect.fields(key: key.value)
        if let user = base.userInformation, !endpoint.headers.contains(where: \.isAuthorization) {
            endpoint.headers.append(HTTPField("Authorization", user.basicCredentials))
        }
        endpoint.headers.removeAll { field in
            options.headers.contains { $0.name.lowercased() == field.name.lowercased() }
        }
        endpoint.headers += options.headers
        do throws(TransportFailure) {
            return Model(
                name: name,
                key: key.value,
                withheldKey: key.isWithheld,
                dialect: dialect,
                request: try PlainRequest(to: endpoint),
                limit: options.limit ?? limit
            )
        } catch {
            throw ModelOptions.fault("The model's endpoint cannot be used: \(error.message).", error.advice ?? advice)
        }
    }

    /// More than any model returns.
    private static let responseBytes = 16 << 20

    private static func given(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    private static func parse(_ text: String, isFromConfiguration: Bool) throws(Failure) -> HTTPURL {
        do throws(HTTPURL.Fault) {
            return try HTTPURL(text)
        } catch {
            let name = isFromConfiguration ? "`url` in llm_config" : "LLM_URL"
            throw ModelOptions.fault(
                "\(name) cannot be used: the URL \(Redaction.malformedURL(text)) \(error).",
                "Give a URL such as https://api.example.com/v1."
            )
        }
    }

    /// The key to send: the given one, or that of the environment if the URL has the same origin.
    ///
    /// Otherwise anyone who can set `llm_config.url` could have the key of the environment sent to any place.
    private func key(
        _ options: ModelOptions,
        for base: HTTPURL
    ) throws(Failure) -> (value: String?, isWithheld: Bool) {
        var (key, name, isWithheld) = (options.key, "`api_key` in llm_config", false)
        if key == nil {
            (key, name) = (self.key, "LLM_API_KEY")
            if Self.given(options.url) != nil, Self.given(key) != nil, !hasOrigin(of: base) {
                (key, isWithheld) = (nil, true)
            }
        }
        guard let key, !key.isEmpty else { return (nil, isWithheld) }
        guard isToken(key) else {
            throw ModelOptions.fault(
                "\(name) has characters that an HTTP header cannot have, such as spaces.",
                "Give the key alone, without \"Bearer\", spaces and line breaks."
            )
        }
        return (key, isWithheld)
    }

    private func hasOrigin(of base: HTTPURL) -> Bool {
        guard let url = Self.given(url) else { return false }
        do throws(HTTPURL.Fault) {
            return try HTTPURL(url).origin == base.origin
        } catch {
            return false
        }
    }
}

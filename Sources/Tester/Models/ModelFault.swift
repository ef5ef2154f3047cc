import JSON

/// Why a model gave no usable response.
struct ModelFault: Error {
    /// A clause after "the model".
    var message: String
    /// The one thing to try next.
    var nextStep: String
    var failureClass = FailureClass.transport
    /// Facts: the status, and what the endpoint said, bounded and without secrets.
    var details: JSONObject = [:]

    init(
        _ message: String,
        nextStep: String = "Check that the endpoint serves this API, and that the URL is complete.",
        _ failureClass: FailureClass = .transport,
        details: JSONObject = [:]
    ) {
        self.message = message
        self.nextStep = nextStep
        self.failureClass = failureClass
        self.details = details
    }

    /// Content that the API has no form for; nothing was sent.
    static func unsendable(_ reason: String) -> ModelFault {
        ModelFault(
            "was sent nothing: \(reason)",
            nextStep: "Use a prompt without this content, or an endpoint (llm_config.url) that accepts it.",
            .usage
        )
    }
}

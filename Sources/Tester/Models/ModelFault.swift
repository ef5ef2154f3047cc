import JSON

/// Why a model gave no usable response.
struct ModelFault: Error {
    /// A clause after "the model".
    var message: String
    var failureClass = FailureClass.transport
    var evidence: JSONObject = [:]

    init(_ message: String) {
        self.message = message
    }
}

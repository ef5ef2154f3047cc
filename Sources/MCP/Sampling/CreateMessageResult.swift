public import JSON

/// The result of `sampling/createMessage`.
///
/// Source: "Sampling", all revisions.
public struct CreateMessageResult: ResultView, SamplingTurn {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(content: [ContentBlock], model: String, stopReason: String? = nil) {
        self.init(json: [:])
        role = .assistant
        self.content = content
        self.model = model
        self.stopReason = stopReason
    }

    /// The name of the model.
    public var model: String? {
        get { self["model"] }
        set { self["model"] = newValue }
    }

    /// The reason why the model stopped, such as `endTurn` or `toolUse`.
    public var stopReason: String? {
        get { self["stopReason"] }
        set { self["stopReason"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .inputResult(
            .required("model", .string),
            .optional("stopReason", .string),
            .optional("_meta", .object, since: .v2026_07_28)
        ) + .samplingTurn
}

public import JSON

/// The result of `sampling/createMessage`.
///
/// Source: "Sampling", all revisions.
public struct CreateMessageResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
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

    /// Who speaks: the model.
    public var role: Role? {
        get { self["role"] }
        set { self["role"] = newValue }
    }

    /// The name of the model that answered.
    public var model: String? {
        get { self["model"] }
        set { self["model"] = newValue }
    }

    /// Why it stopped, such as `endTurn` or `toolUse`.
    public var stopReason: String? {
        get { self["stopReason"] }
        set { self["stopReason"] = newValue }
    }

    /// What is said; a single block is a list of one.
    ///
    /// Setting one block writes it alone, as all revisions read it; a list of several is for 2025-11-25 and later.
    public var content: [ContentBlock]? {
        get { ContentBlock.list(json["content"]) }
        set { json["content"] = newValue.map { $0.count == 1 ? $0[0].jsonValue : $0.jsonValue } }
    }

    /// What the schemas say.
    public static let members: [Member] = .inputResult(
        .required("role", Role.shape),
        .required("content", .view(SamplingContent.self), through: .v2025_06_18),
        .required("content", .either(.view(SamplingContent.self), .arrayOf(SamplingContent.self)), since: .v2025_11_25),
        .required("model", .string),
        .optional("stopReason", .string),
        .optional("_meta", .object, since: .v2026_07_28)
    )
}

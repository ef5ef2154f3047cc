public import JSON

/// One message of the conversation that a model is asked to go on with.
///
/// Source: "Sampling", all revisions.
public struct SamplingMessage: JSONObjectView {
    /// The message as received.
    public var json: JSONObject

    /// Looks at an object as a message.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a message.
    public init(role: Role, content: [ContentBlock]) {
        self.init(json: [:])
        self.role = role
        self.content = content
    }

    /// Who speaks.
    public var role: Role? {
        get { self["role"] }
        set { self["role"] = newValue }
    }

    /// What is said; a single block is a list of one.
    ///
    /// Setting one block writes it alone, as all revisions read it; a list of several is for 2025-11-25 and later.
    public var content: [ContentBlock]? {
        get { ContentBlock.list(json["content"]) }
        set { json["content"] = newValue.map { $0.count == 1 ? $0[0].jsonValue : $0.jsonValue } }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("role", Role.shape),
        .required("content", .view(SamplingContent.self), through: .v2025_06_18),
        .required("content", .either(.view(SamplingContent.self), .arrayOf(SamplingContent.self)), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_11_25),
    ]
}

public import JSON

/// One message of a conversation for a model.
///
/// Source: "Sampling", all revisions.
public struct SamplingMessage: SamplingTurn {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a message.
    public init(role: Role, content: [ContentBlock]) {
        self.init(json: [:])
        self.role = role
        self.content = content
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .samplingTurn + [.optional("_meta", .object, since: .v2025_11_25)]
}

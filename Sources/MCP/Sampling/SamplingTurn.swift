import JSON

/// A message of the user or the model in sampling.
///
/// Source: "Sampling", all revisions.
public protocol SamplingTurn: JSONObjectView {}

extension SamplingTurn {
    /// The speaker.
    public var role: Role? {
        get { self["role"] }
        set { self["role"] = newValue }
    }

    /// The content.
    ///
    /// A single block is returned as a list of one.
    ///
    /// A single block is written without an array, which all revisions accept. Several blocks need 2025-11-25 or later.
    public var content: [ContentBlock]? {
        get { ContentBlock.list(json["content"]) }
        set { json["content"] = newValue.map { $0.count == 1 ? $0[0].jsonValue : $0.jsonValue } }
    }
}

extension [Member] {
    /// The members `role` and `content`.
    static let samplingTurn: [Member] = [
        .required("role", Role.shape),
        .required("content", .view(SamplingContent.self), through: .v2025_06_18),
        .required("content", .either(.view(SamplingContent.self), .arrayOf(SamplingContent.self)), since: .v2025_11_25),
    ]
}

public import JSON

/// The kind of model that a server prefers.
///
/// Source: "Sampling", all revisions.
public struct ModelPreferences: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Model names, in order of preference.
    public var hints: [ModelHint]? {
        get { self["hints"] }
        set { self["hints"] = newValue }
    }

    /// The importance of low cost, from 0 to 1.
    public var costPriority: Double? {
        get { self["costPriority"] }
        set { self["costPriority"] = newValue }
    }

    /// The importance of speed, from 0 to 1.
    public var speedPriority: Double? {
        get { self["speedPriority"] }
        set { self["speedPriority"] = newValue }
    }

    /// The importance of capability, from 0 to 1.
    public var intelligencePriority: Double? {
        get { self["intelligencePriority"] }
        set { self["intelligencePriority"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("hints", .arrayOf(ModelHint.self)),
        .optional("costPriority", .fraction),
        .optional("speedPriority", .fraction),
        .optional("intelligencePriority", .fraction),
    ]
}

public import JSON

/// What kind of model a server would like to be asked.
///
/// Source: "Sampling", all revisions.
public struct ModelPreferences: JSONObjectView {
    /// The set of preferences as received.
    public var json: JSONObject

    /// Looks at an object as a set of preferences.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Names, the best first.
    public var hints: [ModelHint]? {
        get { self["hints"] }
        set { self["hints"] = newValue }
    }

    /// How much low cost matters, from 0 to 1.
    public var costPriority: Double? {
        get { self["costPriority"] }
        set { self["costPriority"] = newValue }
    }

    /// How much speed matters, from 0 to 1.
    public var speedPriority: Double? {
        get { self["speedPriority"] }
        set { self["speedPriority"] = newValue }
    }

    /// How much ability matters, from 0 to 1.
    public var intelligencePriority: Double? {
        get { self["intelligencePriority"] }
        set { self["intelligencePriority"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("hints", .arrayOf(ModelHint.self)),
        .optional("costPriority", .fraction),
        .optional("speedPriority", .fraction),
        .optional("intelligencePriority", .fraction),
    ]
}

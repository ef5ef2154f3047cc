public import JSON

/// Whether a tool may be called as a task.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct ToolExecution: JSONObjectView {
    /// The rule as received.
    public var json: JSONObject

    /// Looks at an object as a rule.
    public init(json: JSONObject) {
        self.json = json
    }

    /// `forbidden` (where absent), `optional` or `required`.
    public var taskSupport: String? {
        get { self["taskSupport"] }
        set { self["taskSupport"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional(
            "taskSupport",
            .oneOf(["forbidden", "optional", "required"]),
            since: .v2025_11_25,
            through: .v2025_11_25
        )
    ]
}

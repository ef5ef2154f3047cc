public import JSON

/// Whether a tool can be called as a task.
///
/// Source: 2025-11-25, "Tasks"; removed in 2026-07-28.
public struct ToolExecution: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// `forbidden` (default), `optional` or `required`.
    public var taskSupport: String? {
        get { self["taskSupport"] }
        set { self["taskSupport"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional(
            "taskSupport",
            .oneOf(["forbidden", "optional", "required"]),
            since: .v2025_11_25,
            through: .v2025_11_25
        )
    ]
}

public import JSON

/// The parameters of `tools/call`.
///
/// Source: "Tools", all revisions.
public struct CallToolParams: InvocationParams {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Requests a task instead of a result; 2025-11-25 only.
    public var task: TaskMetadata? {
        get { self["task"] }
        set { self["task"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .params(
            .required("name", .string),
            .optional("arguments", .object),
            .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
        ) + .retry
}

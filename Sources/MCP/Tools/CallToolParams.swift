public import JSON

/// The parameters of `tools/call`.
///
/// Source: "Tools", all revisions.
public struct CallToolParams: RetryableParams {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Calls a tool.
    public init(name: String, arguments: JSONObject? = nil) {
        self.init(json: [:])
        self.name = name
        self.arguments = arguments
    }

    /// The name of the tool.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// What it is called with.
    public var arguments: JSONObject? {
        get { self["arguments"] }
        set { self["arguments"] = newValue }
    }

    /// Asks for a task instead of a result; 2025-11-25 only.
    public var task: TaskMetadata? {
        get { self["task"] }
        set { self["task"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .params(
            .required("name", .string),
            .optional("arguments", .object),
            .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
        ) + .retry
}

public import JSON

/// The parameters of `elicitation/create`: a form or a URL.
///
/// Source: "Elicitation", since 2025-06-18; since 2026-07-28 inside `inputRequests` only.
public struct ElicitParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The mode (default: `form`).
    public var mode: ElicitationMode? {
        get { self["mode"] }
        set { self["mode"] = newValue }
    }

    /// The message shown to the user.
    public var message: String? {
        get { self["message"] }
        set { self["message"] = newValue }
    }

    /// The form.
    public var requestedSchema: ElicitationSchema? {
        get { self["requestedSchema"] }
        set { self["requestedSchema"] = newValue }
    }

    /// The URL that the user is asked to open.
    public var url: String? {
        get { self["url"] }
        set { self["url"] = newValue }
    }

    /// The ID that the completion notification repeats; 2025-11-25 only.
    public var elicitationID: String? {
        get { self["elicitationId"] }
        set { self["elicitationId"] = newValue }
    }

    /// Requests a task instead of a result; 2025-11-25 only.
    public var task: TaskMetadata? {
        get { self["task"] }
        set { self["task"] = newValue }
    }

    /// Creates an elicitation by form.
    public static func form(message: String, schema: ElicitationSchema) -> ElicitParams {
        var params = ElicitParams(json: [:])
        params.message = message
        params.requestedSchema = schema
        return params
    }

    /// Creates an elicitation by URL.
    public static func url(_ url: String, message: String) -> ElicitParams {
        var params = ElicitParams(json: [:])
        params.mode = .url
        params.message = message
        params.url = url
        return params
    }

    /// Returns the violations of the rules of the mode.
    public func problems(in revision: Revision) -> [Problem] {
        let rules = mode == .url ? Self.urlMembers : Self.formMembers
        return rules.problems(of: json, in: revision)
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        formMembers + urlMembers.filter { ["url", "elicitationId"].contains($0.name) }
}

extension ElicitParams {
    /// The member rules of a form.
    package static let formMembers: [Member] = .inputParams(
        .optional("mode", .constant("form"), since: .v2025_11_25),
        .required("message", .string),
        .required("requestedSchema", .view(ElicitationSchema.self)),
        .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
    )

    /// The member rules of an elicitation by URL.
    package static let urlMembers: [Member] = .inputParams(
        .required("mode", .constant("url"), since: .v2025_11_25),
        .required("message", .string),
        .required("url", .uri, since: .v2025_11_25),
        .required("elicitationId", .string, since: .v2025_11_25, through: .v2025_11_25),
        .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
    )
}

public import JSON

/// The parameters of `elicitation/create`: a form or a URL.
///
/// Source: "Elicitation", since 2025-06-18; since 2026-07-28 inside `inputRequests` only.
public struct ElicitParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// How the user is asked; absent means by a form.
    public var mode: ElicitationMode? {
        get { self["mode"] }
        set { self["mode"] = newValue }
    }

    /// What to tell the user.
    public var message: String? {
        get { self["message"] }
        set { self["message"] = newValue }
    }

    /// The form.
    public var requestedSchema: ElicitationSchema? {
        get { self["requestedSchema"] }
        set { self["requestedSchema"] = newValue }
    }

    /// Where to send the user.
    public var url: String? {
        get { self["url"] }
        set { self["url"] = newValue }
    }

    /// The name by which the server tells that it is done; 2025-11-25 only.
    public var elicitationID: String? {
        get { self["elicitationId"] }
        set { self["elicitationId"] = newValue }
    }

    /// Asks for a task instead of a result; 2025-11-25 only.
    public var task: TaskMetadata? {
        get { self["task"] }
        set { self["task"] = newValue }
    }

    /// Asks with a form.
    public static func form(message: String, schema: ElicitationSchema) -> ElicitParams {
        var params = ElicitParams(json: [:])
        params.message = message
        params.requestedSchema = schema
        return params
    }

    /// Sends the user to a URL.
    public static func url(_ url: String, message: String) -> ElicitParams {
        var params = ElicitParams(json: [:])
        params.mode = .url
        params.message = message
        params.url = url
        return params
    }

    /// Lists what is wrong, by the rules of the mode.
    public func problems(in revision: Revision) -> [Problem] {
        let rules = mode == .url ? Self.urlMembers : Self.formMembers
        return rules.problems(of: json, in: revision)
    }

    /// What the schemas say.
    public static let members: [Member] =
        formMembers + urlMembers.filter { ["url", "elicitationId"].contains($0.name) }
}

extension ElicitParams {
    /// What the schemas say about a form.
    package static let formMembers: [Member] = .inputParams(
        .optional("mode", .constant("form"), since: .v2025_11_25),
        .required("message", .string),
        .required("requestedSchema", .view(ElicitationSchema.self)),
        .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
    )

    /// What the schemas say about a URL.
    package static let urlMembers: [Member] = .inputParams(
        .required("mode", .constant("url"), since: .v2025_11_25),
        .required("message", .string),
        .required("url", .uri, since: .v2025_11_25),
        .required("elicitationId", .string, since: .v2025_11_25, through: .v2025_11_25),
        .optional("task", .view(TaskMetadata.self), since: .v2025_11_25, through: .v2025_11_25)
    )
}

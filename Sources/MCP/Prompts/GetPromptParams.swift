public import JSON

/// The parameters of `prompts/get`.
///
/// Source: "Prompts", all revisions.
public struct GetPromptParams: RetryableParams {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Asks for a prompt.
    public init(name: String, arguments: JSONObject? = nil) {
        self.init(json: [:])
        self.name = name
        self.arguments = arguments
    }

    /// The name of the prompt.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// What to fill in: strings by name.
    public var arguments: JSONObject? {
        get { self["arguments"] }
        set { self["arguments"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .params(
            .required("name", .string),
            .optional("arguments", .stringMap)
        ) + .retry
}

public import JSON

/// The parameters of `prompts/get`.
///
/// Source: "Prompts", all revisions.
public struct GetPromptParams: InvocationParams {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .params(
            .required("name", .string),
            .optional("arguments", .stringMap)
        ) + .retry
}

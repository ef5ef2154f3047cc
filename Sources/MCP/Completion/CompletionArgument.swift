public import JSON

/// An argument and its typed part.
///
/// Source: "Completion", all revisions.
public struct CompletionArgument: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates an argument.
    public init(name: String, value: String) {
        self.init(json: [:])
        self.name = name
        self.value = value
    }

    /// The name of the argument.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The part of the value typed so far.
    public var value: String? {
        get { self["value"] }
        set { self["value"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .required("value", .string),
    ]
}

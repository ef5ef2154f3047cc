public import JSON

/// An argument and what of it is typed.
///
/// Source: "Completion", all revisions.
public struct CompletionArgument: JSONObjectView {
    /// The argument as received.
    public var json: JSONObject

    /// Looks at an object as an argument.
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

    /// What is typed of it.
    public var value: String? {
        get { self["value"] }
        set { self["value"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("name", .string),
        .required("value", .string),
    ]
}

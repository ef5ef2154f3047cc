public import JSON

/// A hint which model to ask.
public struct ModelHint: JSONObjectView {
    /// The hint as received.
    public var json: JSONObject

    /// Looks at an object as a hint.
    public init(json: JSONObject) {
        self.json = json
    }

    /// A part of the name of a model or family.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [.optional("name", .string)]
}

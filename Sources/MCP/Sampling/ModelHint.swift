public import JSON

/// A hint for the choice of a model.
public struct ModelHint: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// A part of the name of a model or model family.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [.optional("name", .string)]
}

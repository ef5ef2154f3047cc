public import JSON

/// Whether a model may or must use a tool.
///
/// Source: 2025-11-25, "Sampling".
public struct ToolChoice: JSONObjectView {
    /// The choice as received.
    public var json: JSONObject

    /// Looks at an object as a choice.
    public init(json: JSONObject) {
        self.json = json
    }

    /// `auto` (where absent), `required` or `none`.
    public var mode: String? {
        get { self["mode"] }
        set { self["mode"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [.optional("mode", .oneOf(["auto", "required", "none"]))]
}

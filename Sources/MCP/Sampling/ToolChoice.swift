public import JSON

/// Whether a model may or must use a tool.
///
/// Source: 2025-11-25, "Sampling".
public struct ToolChoice: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// `auto` (default), `required` or `none`.
    public var mode: String? {
        get { self["mode"] }
        set { self["mode"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [.optional("mode", .oneOf(["auto", "required", "none"]))]
}

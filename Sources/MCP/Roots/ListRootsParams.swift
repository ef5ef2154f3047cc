public import JSON

/// The parameters of `roots/list`.
///
/// Source: "Roots", all revisions.
public struct ListRootsParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("_meta", .view(RequestMeta.self), through: .v2025_11_25),
        .optional("_meta", .object, since: .v2026_07_28),
    ]
}

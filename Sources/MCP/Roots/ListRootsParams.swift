public import JSON

/// The parameters of `roots/list`.
///
/// Source: "Roots", all revisions.
public struct ListRootsParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("_meta", .view(RequestMeta.self), through: .v2025_11_25),
        .optional("_meta", .object, since: .v2026_07_28),
    ]
}

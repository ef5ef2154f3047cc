public import JSON

/// The parameters of `resources/subscribe` and `resources/unsubscribe`.
///
/// Source: 2025-11-25, "Resources"; removed in 2026-07-28.
public struct ResourceParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names a resource.
    public init(uri: String) {
        self.init(json: [:])
        self.uri = uri
    }

    /// Which resource.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("uri", .uri)
    )
}

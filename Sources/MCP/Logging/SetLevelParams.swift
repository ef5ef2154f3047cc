public import JSON

/// The parameters of `logging/setLevel`.
///
/// Source: 2025-11-25, "Logging"; removed in 2026-07-28.
public struct SetLevelParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that set the level.
    public init(level: LogLevel) {
        self.init(json: [:])
        self.level = level
    }

    /// The minimum level.
    public var level: LogLevel? {
        get { self["level"] }
        set { self["level"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("level", LogLevel.shape)
    )
}

public import JSON

/// The parameters of `logging/setLevel`.
///
/// Source: 2025-11-25, "Logging"; removed in 2026-07-28.
public struct SetLevelParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Sets the level.
    public init(level: LogLevel) {
        self.init(json: [:])
        self.level = level
    }

    /// From which level on to log.
    public var level: LogLevel? {
        get { self["level"] }
        set { self["level"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("level", LogLevel.shape)
    )
}

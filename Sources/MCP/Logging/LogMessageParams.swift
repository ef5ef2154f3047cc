public import JSON

/// The parameters of `notifications/message`.
///
/// Source: "Logging", all revisions.
public struct LogMessageParams: JSONObjectView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Logs something.
    public init(level: LogLevel, data: JSONValue, logger: String? = nil) {
        self.init(json: [:])
        self.level = level
        self.logger = logger
        self.data = data
    }

    /// How much it matters.
    public var level: LogLevel? {
        get { self["level"] }
        set { self["level"] = newValue }
    }

    /// Which part of the server says so.
    public var logger: String? {
        get { self["logger"] }
        set { self["logger"] = newValue }
    }

    /// The message: a string or any other value.
    public var data: JSONValue? {
        get { self["data"] }
        set { self["data"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams(
        .required("level", LogLevel.shape),
        .optional("logger", .string),
        .required("data", .any)
    )
}

public import JSON

/// The parameters of `notifications/message`.
///
/// Source: "Logging", all revisions.
public struct LogMessageParams: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that log a message.
    public init(level: LogLevel, data: JSONValue, logger: String? = nil) {
        self.init(json: [:])
        self.level = level
        self.logger = logger
        self.data = data
    }

    /// The severity.
    public var level: LogLevel? {
        get { self["level"] }
        set { self["level"] = newValue }
    }

    /// The part of the server that logs.
    public var logger: String? {
        get { self["logger"] }
        set { self["logger"] = newValue }
    }

    /// The message: a string or any other JSON value.
    public var data: JSONValue? {
        get { self["data"] }
        set { self["data"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams(
        .required("level", LogLevel.shape),
        .optional("logger", .string),
        .required("data", .any)
    )
}

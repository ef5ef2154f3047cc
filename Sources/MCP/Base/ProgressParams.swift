public import JSON

/// The parameters of `notifications/progress`.
///
/// Source: "Progress", all revisions.
public struct ProgressParams: JSONObjectView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Tells how far a request has come.
    public init(token: ProgressToken, progress: Double, total: Double? = nil, message: String? = nil) {
        self.init(json: [:])
        progressToken = token
        self.progress = progress
        self.total = total
        self.message = message
    }

    /// The token that the request carried.
    public var progressToken: ProgressToken? {
        get { self["progressToken"] }
        set { self["progressToken"] = newValue }
    }

    /// How much is done, in units of the sender; it must grow from one notification to the next.
    public var progress: Double? {
        get { self["progress"] }
        set { self["progress"] = newValue }
    }

    /// How much there is to do, in the same units.
    public var total: Double? {
        get { self["total"] }
        set { self["total"] = newValue }
    }

    /// What is being done, for people.
    public var message: String? {
        get { self["message"] }
        set { self["message"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams(
        .required("progressToken", .stringOrInteger),
        .required("progress", .number),
        .optional("total", .number),
        .optional("message", .string, since: .v2025_03_26)
    )
}

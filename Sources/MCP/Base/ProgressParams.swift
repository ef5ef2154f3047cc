public import JSON

/// The parameters of `notifications/progress`.
///
/// Source: "Progress", all revisions.
public struct ProgressParams: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that report progress.
    public init(token: ProgressToken, progress: Double, total: Double? = nil, message: String? = nil) {
        self.init(json: [:])
        progressToken = token
        self.progress = progress
        self.total = total
        self.message = message
    }

    /// The progress token of the request.
    public var progressToken: ProgressToken? {
        get { self["progressToken"] }
        set { self["progressToken"] = newValue }
    }

    /// The work done so far, in a unit of the sender.
    ///
    /// It must increase with every notification.
    public var progress: Double? {
        get { self["progress"] }
        set { self["progress"] = newValue }
    }

    /// The total amount of work, in the same unit.
    public var total: Double? {
        get { self["total"] }
        set { self["total"] = newValue }
    }

    /// A description of the current step, for people.
    public var message: String? {
        get { self["message"] }
        set { self["message"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams(
        .required("progressToken", .stringOrInteger),
        .required("progress", .number),
        .optional("total", .number),
        .optional("message", .string, since: .v2025_03_26)
    )
}

public import JSON
public import JSONRPC

/// The parameters of `notifications/cancelled`.
///
/// Source: "Cancellation", all revisions.
public struct CancelledParams: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that cancel a request.
    public init(requestID: RequestID, reason: String? = nil) {
        self.init(json: [:])
        self.requestID = requestID
        self.reason = reason
    }

    /// The ID of the request to cancel.
    public var requestID: RequestID? {
        get { self["requestId"] }
        set { self["requestId"] = newValue }
    }

    /// The reason, for people and logs.
    public var reason: String? {
        get { self["reason"] }
        set { self["reason"] = newValue }
    }

    /// The member rules of all revisions.
    ///
    /// The ID is optional in 2025-11-25 only, because a task is cancelled with `tasks/cancel`.
    public static let members: [Member] = .notificationParams(
        .required("requestId", .stringOrInteger, through: .v2025_06_18),
        .optional("requestId", .stringOrInteger, since: .v2025_11_25, through: .v2025_11_25),
        .required("requestId", .stringOrInteger, since: .v2026_07_28),
        .optional("reason", .string)
    )
}

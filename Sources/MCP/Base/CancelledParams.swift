public import JSON
public import JSONRPC

/// The parameters of `notifications/cancelled`.
///
/// Source: "Cancellation", all revisions.
public struct CancelledParams: JSONObjectView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Calls a request off.
    public init(requestID: RequestID, reason: String? = nil) {
        self.init(json: [:])
        self.requestID = requestID
        self.reason = reason
    }

    /// The id of the request that is called off.
    public var requestID: RequestID? {
        get { self["requestId"] }
        set { self["requestId"] = newValue }
    }

    /// Why, for people and logs.
    public var reason: String? {
        get { self["reason"] }
        set { self["reason"] = newValue }
    }

    /// What the schemas say; 2025-11-25 alone lets the id out, for tasks that are not cancelled this way.
    public static let members: [Member] = .notificationParams(
        .required("requestId", .stringOrInteger, through: .v2025_06_18),
        .optional("requestId", .stringOrInteger, since: .v2025_11_25, through: .v2025_11_25),
        .required("requestId", .stringOrInteger, since: .v2026_07_28),
        .optional("reason", .string)
    )
}

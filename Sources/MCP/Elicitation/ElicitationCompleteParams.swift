public import JSON

/// The parameters of `notifications/elicitation/complete`.
///
/// Source: 2025-11-25, "Elicitation"; removed in 2026-07-28.
public struct ElicitationCompleteParams: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that name an elicitation.
    public init(elicitationID: String) {
        self.init(json: [:])
        self.elicitationID = elicitationID
    }

    /// The ID of the completed elicitation.
    public var elicitationID: String? {
        get { self["elicitationId"] }
        set { self["elicitationId"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams(.required("elicitationId", .string))
}

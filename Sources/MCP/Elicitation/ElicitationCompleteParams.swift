public import JSON

/// The parameters of `notifications/elicitation/complete`.
///
/// Source: 2025-11-25, "Elicitation"; removed in 2026-07-28.
public struct ElicitationCompleteParams: JSONObjectView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names an elicitation.
    public init(elicitationID: String) {
        self.init(json: [:])
        self.elicitationID = elicitationID
    }

    /// Which elicitation is done.
    public var elicitationID: String? {
        get { self["elicitationId"] }
        set { self["elicitationId"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams(.required("elicitationId", .string))
}

/// A user's decision about an elicitation.
public enum ElicitationAction: String, CaseIterable, JSONConvertible {
    /// The user accepted, and filled in the form if there is one.
    case accept
    /// The user declined.
    case decline
    /// The user dismissed the request without a decision.
    case cancel
}

/// What a user did when asked.
public enum ElicitationAction: String, CaseIterable, JSONConvertible {
    /// Agreed, and filled the form in.
    case accept
    /// Said no.
    case decline
    /// Went away without an answer.
    case cancel
}

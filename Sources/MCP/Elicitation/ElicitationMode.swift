/// How a user is asked.
public enum ElicitationMode: String, CaseIterable, JSONConvertible {
    /// By a form that the client shows.
    case form
    /// By a page that the client opens and does not see.
    case url
}

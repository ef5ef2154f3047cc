/// A way to request input from a user.
public enum ElicitationMode: String, CaseIterable, JSONConvertible {
    /// A form that the client shows.
    case form
    /// A web page that the client opens but cannot read.
    case url
}

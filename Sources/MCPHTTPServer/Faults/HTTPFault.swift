/// Something that a server of ours does wrong on purpose, so that what a client makes of it can be seen.
///
/// All but the two that concern streams strike every POST, unless ``HTTPServerOptions/limitsFaultsToToolCalls`` is set.
public enum HTTPFault: String, CaseIterable, Sendable, Hashable {
    /// A page is answered, as by a server that is something else.
    case page = "http-html"
    /// Nothing is answered, with success.
    case empty = "http-empty"
    /// A message is said to be plain text.
    case contentType = "wrong-content-type"
    /// The client is to say who it is.
    case unauthorized = "http-401"
    /// The server is broken, and says so in plain text.
    case internalError = "http-500"
    /// The client is sent to a page where people log in.
    case redirect = "http-redirect"
    /// A request is taken as if it were a notification.
    case accepted = "http-202"
    /// No answer comes at all.
    case silence = "http-silent"
    /// A session is named that does not exist.
    case session = "wrong-session"
    /// The answer begins only after a time.
    case slowFirstByte = "slow-first-byte"
    /// The stream of a tool call breaks off in the middle of its last event.
    case cutStream = "cut-stream"
    /// The stream of a tool call stays open after the answer.
    case endlessStream = "no-sse-end"
}

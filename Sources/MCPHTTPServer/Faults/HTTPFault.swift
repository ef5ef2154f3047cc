/// A fault that a server of ours injects on purpose, to show what a client makes of it.
///
/// Every fault but the two that concern streams affects all POST requests, unless
/// ``HTTPServerOptions/limitsFaultsToToolCalls`` is set.
public enum HTTPFault: String, CaseIterable, Sendable, Hashable {
    /// The response is a web page, as from a server that does not speak MCP.
    case page = "http-html"
    /// The response is successful and empty.
    case empty = "http-empty"
    /// A JSON message has the content type of plain text.
    case contentType = "wrong-content-type"
    /// The response requires authentication.
    case unauthorized = "http-401"
    /// The response is an internal error in plain text.
    case internalError = "http-500"
    /// The response redirects to a login page.
    case redirect = "http-redirect"
    /// A request is accepted as if it were a notification.
    case accepted = "http-202"
    /// There is no response.
    case silence = "http-silent"
    /// The response names a session that does not exist.
    case session = "wrong-session"
    /// The response begins late.
    case slowFirstByte = "slow-first-byte"
    /// The event stream of a tool call breaks off in the middle of its last event.
    case cutStream = "cut-stream"
    /// The event stream of a tool call stays open after the response.
    case endlessStream = "no-sse-end"
}

public import MCPTransport

/// To whom belongs what a server keeps from one request to the next.
public enum StateOwner: Sendable, Hashable {
    /// A session, and it ends with that.
    case session(String)
    /// Whoever makes requests that stand for themselves; it ends when it has not been used for long.
    case principal(Principal)
}

public import MCPTransport

/// The owner of state that a server keeps from one request to the next.
public enum StateOwner: Sendable, Hashable {
    /// A session. The state ends with it.
    case session(String)
    /// A principal that sends stateless requests. The state ends when it has not been used for a while.
    case principal(Principal)
}

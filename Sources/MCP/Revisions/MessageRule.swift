/// The direction in which a message travels.
public enum Direction: Sendable, Hashable, CaseIterable {
    /// From client to server.
    case clientToServer
    /// From server to client.
    case serverToClient
    /// From server to client, as an input request inside a result.
    case inResult
}

/// The directions and conditions under which a request or notification is legal.
public struct MessageRule: Sendable, Hashable {
    /// The directions in which the message may travel.
    public var directions: Set<Direction>
    /// The capability that the receiver must have declared; for a notification, the sender.
    public var capability: CapabilityPath?
    /// The extension that both sides must have declared; nil for messages of the core protocol.
    public var extensionID: ExtensionID?
}

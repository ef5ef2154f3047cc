/// Which way a message travels.
public enum Direction: Sendable, Hashable, CaseIterable {
    /// From client to server.
    case clientToServer
    /// From server to client.
    case serverToClient
    /// From server to client, as a question inside a result.
    case inResult
}

/// When a request or a notification is legal.
public struct MessageRule: Sendable, Hashable {
    /// The ways in which it may travel.
    public var directions: Set<Direction>
    /// What its receiver must have declared, or, of a notification, its sender.
    public var capability: CapabilityPath?
    /// The extension that both sides must have declared; nothing for messages of the core.
    public var extensionID: ExtensionID?
}

/// The host of a conversation: its identity and how to send to it.
public struct HostLink: Sendable {
    /// How long a conversation lasts.
    public enum Span: Sendable, Hashable {
        /// As long as the connection or the session; the host's state ends with it.
        case session
        /// For one request; state belongs to the principal.
        case request
    }

    /// The identity of the host, as the transport knows it.
    public var principal: Principal
    /// How long the conversation lasts.
    public var span: Span
    /// Sends what belongs to no frame of the host, or to a frame that came without a `reply` closure.
    public var send: @Sendable (ServerSending) -> Void

    /// Creates a link to a host.
    public init(
        principal: Principal = .local,
        span: Span = .session,
        send: @escaping @Sendable (ServerSending) -> Void
    ) {
        self.principal = principal
        self.span = span
        self.send = send
    }

    /// Creates a link that sends bytes only.
    public static func frames(_ send: @escaping @Sendable (_ bytes: [UInt8]) -> Void) -> HostLink {
        HostLink { sending in if let bytes = sending.bytes { send(bytes) } }
    }
}

/// On whose behalf requests are made.
public enum Principal: Sendable, Hashable {
    /// The local user, who does not have to authenticate.
    case local
    /// The subject of a token.
    case subject(String)
}

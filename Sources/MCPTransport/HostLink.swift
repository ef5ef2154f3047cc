/// Who is at the other end of a conversation, and the way to them.
public struct HostLink: Sendable {
    /// How long a conversation goes on.
    public enum Span: Sendable, Hashable {
        /// As long as the connection or the session: what is kept for the host ends with it.
        case session
        /// For one request, that stands for itself: what is kept belongs to the principal.
        case request
    }

    /// Whom the transport knows the host to be.
    public var principal: Principal
    /// How long the conversation goes on.
    public var span: Span
    /// Sends what belongs to no frame of the host, and what belongs to a frame that came without a way of its own.
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

    /// A link of a way that carries nothing but frames.
    public static func frames(_ send: @escaping @Sendable (_ bytes: [UInt8]) -> Void) -> HostLink {
        HostLink { sending in if let bytes = sending.bytes { send(bytes) } }
    }
}

/// On whose behalf requests are made.
public enum Principal: Sendable, Hashable {
    /// The one user of this machine, where nobody has to say who they are.
    case local
    /// The subject that a token names.
    case subject(String)
}

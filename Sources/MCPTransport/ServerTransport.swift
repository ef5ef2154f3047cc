public import JSONRPC

/// Accepts hosts for a server.
public protocol ServerTransport: Sendable {
    /// Serves until all hosts have disconnected or the task is cancelled, with one conversation for each host.
    func serve(_ makeConversation: @escaping MakeConversation) async throws
}

/// Creates the conversation with a host.
public typealias MakeConversation = @Sendable (_ host: HostLink) -> any ServerConversation

/// One conversation with a host: receives its frames and responds.
public protocol ServerConversation: AnyObject, Sendable {
    /// Takes a frame. Frames come one after the other, in the order of the wire.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - reply: Takes what belongs to this frame: for each request in it, notifications and requests of the server,
    ///     then exactly one ``ServerSending/answer(_:code:)`` or ``ServerSending/dropped``. A frame that is not a message
    ///     is answered, too. If nil, all goes to the host's link.
    func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?)

    /// Waits until all requests are answered, after the host has sent its last frame. Subscriptions end.
    func finish() async

    /// Cancels running requests, ends subscriptions and waits for their end, because the host has disconnected or the
    /// server shuts down.
    func cancel() async

    /// Answers running requests with an error and cancels them, because the server shuts down while the host is connected.
    ///
    /// ``cancel()`` must follow.
    func abort(_ error: RPCError)

    /// The arguments of a tool that a request has to repeat in header fields, for transports that have them.
    func mirroredArguments(ofTool name: String) -> [MirroredArgument]
}

extension ServerConversation {
    /// Takes a frame from a transport without exchanges.
    public func received(_ bytes: [UInt8]) {
        received(Frame(received: bytes), reply: nil)
    }

    /// Does nothing: leaves it to ``cancel()``.
    public func abort(_ error: RPCError) {}

    /// None.
    public func mirroredArguments(ofTool name: String) -> [MirroredArgument] { [] }
}

/// What a server sends.
public enum ServerSending: Sendable {
    /// The response to a request, or to a frame that is not a message; the code is nil unless it is an error.
    case answer([UInt8], code: Int? = nil)
    /// A notification.
    case notification([UInt8])
    /// A request of the server.
    case request([UInt8])
    /// No response: the request was cancelled.
    case dropped
    /// The connection may be closed for now; the client reconnects for the rest after `retry` milliseconds.
    case pause(retry: Int)

    /// The bytes that are sent; nil if there are none.
    public var bytes: [UInt8]? {
        switch self {
        case .answer(let bytes, _), .notification(let bytes), .request(let bytes): bytes
        case .dropped, .pause: nil
        }
    }
}

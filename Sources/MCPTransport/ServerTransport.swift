public import JSONRPC

/// A way from hosts to a server of ours.
public protocol ServerTransport: Sendable {
    /// Serves until the hosts are gone or the task is cancelled, with one conversation for each host.
    func serve(_ makeConversation: @escaping MakeConversation) async throws
}

/// Creates the conversation that answers a host.
public typealias MakeConversation = @Sendable (_ host: HostLink) -> any ServerConversation

/// One conversation with a host: takes its frames and answers.
public protocol ServerConversation: AnyObject, Sendable {
    /// A frame came; frames are handed over one after the other, in the order of the wire.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - reply: Takes what belongs to this frame: for each request in it, notifications and questions first, then
    ///     exactly one of ``ServerSending/answer(_:code:)`` and ``ServerSending/dropped``; an answer also for what is no
    ///     message. Without it all goes to the host's own link.
    func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?)

    /// The host will send no more: returns when all that it asked has been answered; subscriptions are, for they end.
    func finish() async

    /// The host is gone or we must end: running requests are cancelled, subscriptions answered; returns when all have
    /// ended.
    func cancel() async

    /// We must end, and the host is still there: what runs is answered with an error before this returns, and cancelled.
    ///
    /// ``cancel()`` is still to be called.
    func abort(_ error: RPCError)

    /// The arguments of a tool that a request must repeat in fields of its head, for transports that have such.
    func mirroredArguments(ofTool name: String) -> [MirroredArgument]
}

extension ServerConversation {
    /// A frame came by a way that has no exchanges.
    public func received(_ bytes: [UInt8]) {
        received(Frame(received: bytes), reply: nil)
    }

    /// Leaves it to ``cancel()``.
    public func abort(_ error: RPCError) {}

    /// None.
    public func mirroredArguments(ofTool name: String) -> [MirroredArgument] { [] }
}

/// What a server sends.
public enum ServerSending: Sendable {
    /// The answer to a request, or to what is no message; the code is that of the error, if it is one.
    case answer([UInt8], code: Int? = nil)
    /// A notification.
    case notification([UInt8])
    /// A question of the server.
    case request([UInt8])
    /// A request was cancelled and will not be answered.
    case dropped
    /// The way may be let go of for now: the client is to come back for the rest, after so many milliseconds.
    case pause(retry: Int)

    /// The bytes that go on the wire, if any do.
    public var bytes: [UInt8]? {
        switch self {
        case .answer(let bytes, _), .notification(let bytes), .request(let bytes): bytes
        case .dropped, .pause: nil
        }
    }
}

/// A way from hosts to a server of ours.
public protocol ServerTransport: Sendable {
    /// Serves until the hosts are gone or the task is cancelled, with one conversation for each host.
    func serve(_ makeConversation: @escaping MakeConversation) async throws
}

/// Creates the conversation that answers a host; the closure it gets sends one frame to that host.
public typealias MakeConversation =
    @Sendable (_ send: @escaping @Sendable (_ bytes: [UInt8]) -> Void) -> any ServerConversation

/// One conversation with a host: takes its frames and answers through the closure that it was made with.
public protocol ServerConversation: AnyObject, Sendable {
    /// A frame came; frames are handed over one after the other, in the order of the wire.
    func received(_ bytes: [UInt8])

    /// The host will send no more: returns when all that it asked has been answered.
    func finish() async

    /// The host is gone or we must end: running requests are cancelled; returns when they have ended.
    func cancel() async
}

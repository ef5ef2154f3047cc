import JSON
import MCPTransport

/// Keeps the responses that a server does not read from growing without bound.
///
/// A server can flood us with requests and never read its standard input. Our responses are queued then, and from a limit
/// on the server's output is no longer read. A big request of ours does not count: it may wait as long as it takes.
struct ResponseBacklog {
    /// How many bytes of responses may wait before the server's output is no longer read.
    static let limit = 1 << 20
    /// How long a server may take to read them before it is reported.
    static let patience = Duration.seconds(1)

    /// Takes the report; nil once the connection has ended.
    var receiver: (any ClientTransportReceiver)?
    /// Whether the server's output is not read at present.
    var isPaused = false
    private var isReported = false
    private var waiting = 0

    /// Counts a frame that has been queued; returns true if the server's output must not be read any more.
    ///
    /// - Parameter unsent: how many bytes the queue holds, that frame included.
    mutating func add(_ size: Int, unsent: Int) -> Bool {
        // What the queue no longer holds has gone out.
        waiting = min(waiting, unsent - size)
        // One response may be larger than the limit, so it does not count itself.
        let isFull = waiting > Self.limit
        waiting += size
        defer { isPaused = isPaused || isFull }
        return isFull && !isPaused
    }

    /// Reports the server, once per connection.
    mutating func report(unsent: Int) {
        guard !isReported, let receiver else { return }
        isReported = true
        let fault = """
            the server sends requests but does not read its standard input: more than \(Self.limit >> 20) MB of responses \
            are waiting, so its output is not read until it has taken them
            """
        receiver.noted(.fault(fault, request: nil, evidence: ["unread_bytes": JSONValue(unsent)]))
    }

    /// Forgets the receiver, because the connection has ended.
    mutating func end() {
        receiver = nil
    }
}

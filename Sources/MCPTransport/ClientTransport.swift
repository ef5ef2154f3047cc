public import JSON
public import JSONRPC
public import MCP

/// A way to a server: carries frames both ways and knows nothing of what they mean.
///
/// A transport is used for one connection: opened once, closed once.
public protocol ClientTransport: Sendable {
    /// The kind, by the name that users know.
    var kind: TransportKind { get }

    /// The executor on which work for this connection is cheapest, where the transport has a preference.
    var executor: (any TaskExecutor)? { get }

    /// Opens the way: starts the process or makes ready to connect. Frames may arrive before this returns.
    ///
    /// - Throws: ``TransportFailure``.
    func open(_ receiver: any ClientTransportReceiver) async throws

    /// The revision that was agreed upon, from which on frames are sent by its rules.
    func settled(on revision: Revision)

    /// The way to try instead when the server turns out not to speak this one.
    var predecessor: (any ClientTransport)? { get }

    /// Sends one frame; it is queued, not awaited.
    ///
    /// - Throws: ``TransportFailure`` if the way is known to be closed. A failure that shows later is told to the
    ///   receiver.
    func send(_ frame: OutgoingFrame) throws

    /// Cancels a request by means of the transport, such as closing its stream.
    ///
    /// - Returns: Whether that told the server; if not, a notification must.
    func abandon(_ id: RequestID) -> Bool

    /// Ends the connection and whatever belongs to it; returns when it has ended. May be called more than once.
    @discardableResult
    func close() async -> TransportEnd

    /// What is known about the other end right now: process, standard error, addresses; never a secret.
    func evidence() -> JSONObject

    /// What is known about the exchange of one request: addresses, heads, status, times; never a secret.
    func evidence(of request: RequestID) -> JSONObject?
}

extension ClientTransport {
    /// Most ways are the same in all revisions.
    public func settled(on revision: Revision) {}

    /// Most ways have none.
    public var predecessor: (any ClientTransport)? { nil }

    /// Most ways have no exchanges.
    public func evidence(of request: RequestID) -> JSONObject? { nil }
}

/// What takes the frames of a client transport.
///
/// Calls come one after the other, in the order of the wire.
public protocol ClientTransportReceiver: AnyObject, Sendable {
    /// A frame came, and the request in whose exchange it came, if the transport has such.
    func received(_ frame: Frame, for request: RequestID?)

    /// The exchange of one request broke, while the connection goes on.
    func failed(_ id: RequestID, _ failure: TransportFailure)

    /// Something was seen that is no frame.
    func noted(_ note: TransportNote)

    /// The connection has ended; nothing follows.
    func ended(_ end: TransportEnd)
}

extension ClientTransportReceiver {
    /// A frame came: the bytes of one message without the framing.
    public func received(_ bytes: [UInt8], for request: RequestID? = nil) {
        received(Frame(received: bytes), for: request)
    }

    /// Who does not care for notes gets none.
    public func noted(_ note: TransportNote) {}
}

/// Something that a transport saw and that is no frame.
public enum TransportNote: Sendable {
    /// A line that the server wrote to its standard error.
    case standardError([UInt8])
    /// Something ordinary that a reader of events wants to know: a stream was opened, broke, was taken up again.
    case event(String)
    /// The server broke a rule of the transport without keeping us from going on; the request, if it belongs to one.
    case fault(String, request: RequestID?, evidence: JSONObject)
}

/// The kinds of transport by the names that users know.
public enum TransportKind: String, Sendable, Hashable {
    /// Standard input and output of a child process.
    case stdio
    /// HTTP with server-sent events of the first revision.
    case sse
    /// Streamable HTTP.
    case streamableHTTP = "streamable-http"
    /// Within this process, for tests.
    case inMemory = "in-memory"

    /// Whether each request is answered in an exchange of its own rather than on a way that all share.
    public var hasExchanges: Bool { self == .streamableHTTP }
}

/// A frame on its way out.
public struct OutgoingFrame: Sendable {
    /// The bytes of the message; for a tester they need not be valid.
    public var bytes: [UInt8]
    /// The request's id, for transports that open an exchange for each request.
    public var request: RequestID?
    /// What of the message a transport may have to say again in the head of its request.
    public var head: FrameHead

    /// Creates a frame.
    public init(bytes: [UInt8], request: RequestID? = nil, head: FrameHead = FrameHead()) {
        self.bytes = bytes
        self.request = request
        self.head = head
    }
}

/// What of a message stands in the head of its request where the transport has one, so that none need be read for it.
public struct FrameHead: Sendable {
    /// The method of a request or a notification.
    public var method: Method?
    /// The tool, prompt or resource that is asked for.
    public var name: String?
    /// The revision that the message itself names.
    public var revision: String?
    /// The arguments that are repeated, by the names of their fields without prefix, as text not yet encoded.
    public var arguments: [(field: String, value: String)] = []
    /// Fields of the user for this one request.
    public var fields: [(name: String, value: String)] = []

    /// Creates a head that says nothing.
    public init() {}
}

/// Why a transport could not do what was asked of it.
public struct TransportFailure: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: Sendable, Hashable {
        /// What was asked cannot be done whatever the server does: a wrong URL, a header that is none.
        case usage
        /// The server's process could not be started.
        case spawn
        /// The way is closed or broke.
        case closed
        /// The name of the host is not known.
        case unknownHost
        /// Nobody listens at the port.
        case refused
        /// The host cannot be reached, or does not answer the attempt to connect.
        case unreachable
        /// No encrypted connection came about.
        case tls
        /// The proxy does not do what is needed.
        case proxy
        /// The server sends us elsewhere.
        case redirected
        /// The server wants to know who we are (HTTP 401).
        case unauthorized
        /// The server knows who we are and refuses (HTTP 403).
        case forbidden
        /// The server knows no such session, or none any more.
        case sessionLost
        /// The server answered with a status that is no success, and with no message.
        case status
        /// The server answered with something that is no message: a page, nothing at all, a wrong content type.
        case content
        /// The answer broke off before it was complete.
        case broken
        /// The answer is larger than what is taken.
        case tooLarge
    }

    /// The kind.
    public var kind: Kind
    /// What happened, where, and what was expected.
    public var message: String
    /// What to try next.
    public var advice: String?
    /// Facts that belong to it.
    public var evidence: JSONObject

    /// Creates a failure.
    public init(_ kind: Kind, _ message: String, advice: String? = nil, evidence: JSONObject = [:]) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.evidence = evidence
    }

    /// What happened.
    public var description: String { message }
}

/// How a connection ended.
public struct TransportEnd: Sendable {
    /// Who ended it.
    public enum Cause: Sendable, Hashable {
        /// We did, as asked.
        case closedByUs
        /// The server did, in good order.
        case closedByServer
        /// The server's process failed: a signal or an exit code other than 0.
        case crashed
        /// The way to the server broke.
        case lost
    }

    /// Who ended it.
    public var cause: Cause
    /// A sentence: what happened.
    public var reason: String
    /// Facts: exit code or signal, the last lines of standard error, what was ended by which means.
    public var evidence: JSONObject

    /// Creates an end.
    public init(cause: Cause, reason: String, evidence: JSONObject = [:]) {
        self.cause = cause
        self.reason = reason
        self.evidence = evidence
    }
}

public import JSON
public import JSONRPC
public import MCP

/// A connection to a server: carries frames in both directions without knowing what they mean.
///
/// A transport is used once: opened once, closed once.
public protocol ClientTransport: Sendable {
    /// The kind.
    var kind: TransportKind { get }

    /// The executor on which work for this connection is cheapest; nil if the transport has no preference.
    var executor: (any TaskExecutor)? { get }

    /// Opens the transport: starts the process or prepares to connect. Frames may arrive before this returns.
    ///
    /// - Throws: ``TransportFailure``.
    func open(_ receiver: any ClientTransportReceiver) async throws

    /// Sends frames by the rules of this revision from now on.
    func settled(on revision: Revision)

    /// The transport to try if the server does not speak this one.
    var predecessor: (any ClientTransport)? { get }

    /// Queues one frame for sending.
    ///
    /// - Throws: ``TransportFailure`` if the transport is known to be closed. Later failures go to the receiver.
    func send(_ frame: OutgoingFrame) throws

    /// Cancels a request by means of the transport, such as closing its stream.
    ///
    /// - Returns: Whether the server learns of it that way; if not, a notification has to be sent.
    func abandon(_ id: RequestID) -> Bool

    /// Closes the connection with all that belongs to it and waits for its end. Can be called more than once.
    @discardableResult
    func close() async -> TransportEnd

    /// Closes the connection to a server that does not respond: it gets no time to finish.
    @discardableResult
    func closeAtOnce() async -> TransportEnd

    /// Whether the server has not read any of what was sent, so that it is still starting; `nil` if that is not known.
    func isInputUnread() async -> Bool?

    /// Facts about the server: process, standard error, addresses. Never a secret.
    func evidence() -> JSONObject

    /// Facts about the exchange of one request: addresses, headers, status, times. Never a secret.
    func evidence(of request: RequestID) -> JSONObject?

    /// How a frame would be sent, such as the method, the URL and the headers of its HTTP request; `nil` if the frame
    /// is sent as it is. Never a secret. Sends nothing.
    func preview(of frame: OutgoingFrame) async -> JSONObject?
}

extension ClientTransport {
    /// Does nothing: most transports are the same in all revisions.
    public func settled(on revision: Revision) {}

    /// None.
    public var predecessor: (any ClientTransport)? { nil }

    /// Closes as ever: most transports need not wait for the server.
    @discardableResult
    public func closeAtOnce() async -> TransportEnd { await close() }

    /// Not known.
    public func isInputUnread() async -> Bool? { nil }

    /// None: most transports have no exchanges.
    public func evidence(of request: RequestID) -> JSONObject? { nil }

    /// None: most transports send frames as they are.
    public func preview(of frame: OutgoingFrame) async -> JSONObject? { nil }
}

/// Receives the frames of a client transport.
///
/// Calls come one after the other, in the order of the wire.
public protocol ClientTransportReceiver: AnyObject, Sendable {
    /// A frame arrived, in the exchange of this request if the transport has exchanges.
    func received(_ frame: Frame, for request: RequestID?)

    /// The exchange of one request failed; the connection goes on.
    func failed(_ id: RequestID, _ failure: TransportFailure)

    /// Something happened that is not a frame.
    func noted(_ note: TransportNote)

    /// The connection ended; no call follows.
    func ended(_ end: TransportEnd)
}

extension ClientTransportReceiver {
    /// A frame arrived: the bytes of one message without the framing.
    public func received(_ bytes: [UInt8], for request: RequestID? = nil) {
        received(Frame(received: bytes), for: request)
    }

    /// Does nothing.
    public func noted(_ note: TransportNote) {}
}

/// Something that a transport reports beside frames.
public enum TransportNote: Sendable {
    /// A line that the server wrote to its standard error.
    case standardError([UInt8])
    /// An ordinary event, as a sentence: a stream was opened, broke or was resumed.
    case event(String)
    /// The server broke a rule of the transport, but the connection goes on; the request is nil if it belongs to none.
    case fault(String, request: RequestID?, evidence: JSONObject)
}

/// The kinds of transport.
///
/// The raw values are the names that users give.
public enum TransportKind: String, Sendable, Hashable {
    /// Standard input and output of a child process.
    case stdio
    /// HTTP with server-sent events of the first revision.
    case sse
    /// Streamable HTTP.
    case streamableHTTP = "streamable-http"
    /// In this process, for tests.
    case inMemory = "in-memory"

    /// Whether each request has an exchange of its own, instead of one connection for all.
    public var hasExchanges: Bool { self == .streamableHTTP }
}

/// A frame to send.
public struct OutgoingFrame: Sendable {
    /// The bytes of the message.
    ///
    /// They need not be valid, so that a tester can send anything.
    public var bytes: [UInt8]
    /// The id of the request, for transports that open an exchange for each.
    public var request: RequestID?
    /// Whether the message is a response to a request of the server.
    public var isResponse: Bool
    /// What a transport may have to repeat in the header fields of its request.
    public var head: FrameHead

    /// Creates a frame.
    public init(
        bytes: [UInt8],
        request: RequestID? = nil,
        isResponse: Bool = false,
        head: FrameHead = FrameHead()
    ) {
        self.bytes = bytes
        self.request = request
        self.isResponse = isResponse
        self.head = head
    }
}

/// What a transport with header fields repeats of a message in them, so that it does not have to parse the message.
public struct FrameHead: Sendable {
    /// The method of a request or a notification.
    public var method: Method?
    /// The name of the tool or prompt, or the URI of the resource.
    public var name: String?
    /// The revision that the message names.
    public var revision: String?
    /// The arguments to repeat, by the names of their fields without prefix, as text that is not yet encoded.
    public var arguments: [(field: String, value: String)] = []
    /// The user's fields for this request.
    public var fields: [(name: String, value: String)] = []

    /// Creates an empty head.
    public init() {}
}

/// Why a transport failed.
public struct TransportFailure: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: Sendable, Hashable {
        /// The caller's input is wrong, such as an invalid URL or header.
        case usage
        /// The server's process could not be started.
        case spawn
        /// The connection is closed or broke.
        case closed
        /// The host was not found.
        case unknownHost
        /// The connection was refused: nothing is listening on the port.
        case refused
        /// The host cannot be reached or does not answer.
        case unreachable
        /// The TLS handshake failed.
        case tls
        /// The proxy failed or refused to connect.
        case proxy
        /// The server redirected the request.
        case redirected
        /// Authentication is required (HTTP 401).
        case unauthorized
        /// The server refused access (HTTP 403).
        case forbidden
        /// The server does not know the session, or no longer.
        case sessionLost
        /// The server answered with a status that is not a success, and without a message.
        case status
        /// The server answered with something that is not a message: a web page, nothing, a wrong content type.
        case content
        /// The response broke off before it was complete.
        case broken
        /// The response is larger than the limit.
        case tooLarge
    }

    /// The kind.
    public var kind: Kind
    /// What happened, where, and what was expected, as a clause that starts in lower case.
    public var message: String
    /// What to try next; nil if there is nothing in particular.
    public var advice: String?
    /// Facts about it.
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
        /// The client closed it.
        case closedByUs
        /// The server closed it in an orderly way.
        case closedByServer
        /// The server's process died by a signal or exited with a code other than 0.
        case crashed
        /// The connection broke.
        case lost
    }

    /// Who ended it.
    public var cause: Cause
    /// What happened, as a clause that starts in lower case.
    public var reason: String
    /// Facts: exit code or signal, the last lines of standard error, how the process was terminated.
    public var evidence: JSONObject
    /// Whether the server exited without reading anything that was sent, so that none of it was the reason.
    public var leftInputUnread: Bool

    /// Creates an end.
    public init(cause: Cause, reason: String, evidence: JSONObject = [:], leftInputUnread: Bool = false) {
        self.cause = cause
        self.reason = reason
        self.evidence = evidence
        self.leftInputUnread = leftInputUnread
    }
}

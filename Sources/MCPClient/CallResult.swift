public import JSON
public import JSONRPC
public import MCPTransport

/// The result of a request.
///
/// A class, because every async function that returns it would reserve space for a copy.
public final class CallResult: Sendable {
    /// The ID of the request.
    public let id: RequestID
    /// The result as received.
    public let result: JSONText
    /// The time from just before the call was sent until the response arrived, including all rounds.
    public let elapsed: Duration
    /// The IDs of all rounds of the call, which also its events carry.
    ///
    /// A result of several rounds must not be cached.
    public let requests: [RequestID]
    /// The request as it was sent.
    let request: [UInt8]

    init(id: RequestID, result: JSONText, elapsed: Duration, requests: [RequestID], request: [UInt8]) {
        self.id = id
        self.result = result
        self.elapsed = elapsed
        self.requests = requests
        self.request = request
    }
}

extension CallResult {
    /// Creates the result of a call that became a task.
    package convenience init(ofTask result: JSONText, id: RequestID, elapsed: Duration) {
        self.init(id: id, result: result, elapsed: elapsed, requests: [id], request: [])
    }
}

/// Why a request has no result.
public struct CallError: Error, Sendable, CustomStringConvertible {
    /// The kinds of cause.
    public enum Cause: Sendable {
        /// The server answered with an error.
        case rejected(RPCError)
        /// The transport failed: host not found, an HTTP error status, an HTML page, a truncated stream.
        case broken(TransportFailure)
        /// There is no usable response: a timeout, a cancellation, a closed connection, an invalid response.
        case failed(CallFailure)
        /// It was not sent, for the given reason.
        case refused(String)
        /// The result is not valid at this revision, for the given reason.
        case invalid(String, result: JSONText)
        /// The server requested input and did not get it; the result has the requests.
        case input(InputFailure, result: JSONText)

        init(_ failure: CallFailure) {
            self = failure.transportFailure.map(Cause.broken) ?? .failed(failure)
        }
    }

    /// What went wrong.
    public var cause: Cause {
        get { facts.cause }
        set { facts = Facts(newValue, id, request, elapsed, requests) }
    }
    /// The ID of the last request of the call.
    public var id: RequestID { facts.id }
    /// That request as it was sent.
    public var request: [UInt8] { facts.request }
    /// The time until the failure, including all rounds.
    public var elapsed: Duration {
        get { facts.elapsed }
        set { facts = Facts(cause, id, request, newValue, requests) }
    }
    /// The IDs of all rounds of the call, which also its events carry.
    public var requests: [RequestID] {
        get { facts.requests }
        set { facts = Facts(cause, id, request, elapsed, newValue) }
    }

    /// A class, because every async function that may throw the error reserves space for it.
    private final class Facts: Sendable {
        let cause: Cause
        let id: RequestID
        let request: [UInt8]
        let elapsed: Duration
        let requests: [RequestID]

        init(
            _ cause: Cause,
            _ id: RequestID,
            _ request: [UInt8],
            _ elapsed: Duration,
            _ requests: [RequestID]
        ) {
            self.cause = cause
            self.id = id
            self.request = request
            self.elapsed = elapsed
            self.requests = requests
        }
    }

    private var facts: Facts

    package init(cause: Cause, id: RequestID, request: [UInt8], elapsed: Duration, requests: [RequestID]? = nil) {
        facts = Facts(cause, id, request, elapsed, requests ?? [id])
    }

    /// A sentence that says what happened.
    public var description: String {
        switch cause {
        case .rejected(let error): "the server returned an error: \(error)"
        case .broken(let failure): failure.description
        case .failed(let failure): failure.description
        case .refused(let reason): reason
        case .invalid(let reason, _): "the result is not valid: \(reason)"
        case .input(let failure, _): failure.description
        }
    }
}

extension CallFailure {
    /// The transport's own failure, if there is one.
    var transportFailure: TransportFailure? {
        switch self {
        case .broken(let error), .unsendable(_, by: let error?): error as? TransportFailure
        default: nil
        }
    }
}

public import JSON
public import JSONRPC
public import MCPTransport

/// What a server answered to a request.
public struct CallResult: Sendable {
    /// The id of the request that brought it.
    public let id: RequestID
    /// The result as received.
    public let result: JSONText
    /// The time from just before the call was sent until the answer was there, all rounds included.
    public internal(set) var elapsed: Duration
    /// The ids of all rounds of the call, by which its events are found; with more than one it must not be cached.
    public internal(set) var requests: [RequestID]
    /// The request that brought it, as it was sent.
    let request: [UInt8]
}

extension CallResult {
    /// The result that a task brought, which is that of the call that became the task.
    package init(ofTask result: JSONText, id: RequestID, elapsed: Duration) {
        self.init(id: id, result: result, elapsed: elapsed, requests: [id], request: [])
    }
}

/// Why a request brought no result.
public struct CallError: Error, Sendable, CustomStringConvertible {
    /// Whose word it is.
    ///
    /// Kept apart, for every step of a call reserves room for its error, which hardly ever comes.
    public indirect enum Cause: Sendable {
        /// The server answered with an error.
        case rejected(RPCError)
        /// The way to the server failed this request: no such host, a status that is no success, a page, a stream cut off.
        case broken(TransportFailure)
        /// No usable answer came for another reason: a limit, a cancellation, the end, no valid response.
        case failed(CallFailure)
        /// We did not send it, for the reason given.
        case refused(String)
        /// A result came that is none by the rules of the revision, for this reason.
        case invalid(String, result: JSONText)
        /// The server asked for input that it did not get; the result has its questions.
        case input(InputFailure, result: JSONText)

        init(_ failure: CallFailure) {
            self = failure.transportFailure.map(Cause.broken) ?? .failed(failure)
        }
    }

    /// Whose word it is, and what it says.
    public var cause: Cause
    /// The id of the last request of the call.
    public var id: RequestID
    /// That request as it was sent.
    public var request: [UInt8]
    /// The time until this was known, all rounds included.
    public var elapsed: Duration
    /// The ids of all rounds of the call, by which its events are found.
    public var requests: [RequestID]

    package init(cause: Cause, id: RequestID, request: [UInt8], elapsed: Duration, requests: [RequestID]? = nil) {
        self.cause = cause
        self.id = id
        self.request = request
        self.elapsed = elapsed
        self.requests = requests ?? [id]
    }

    /// A sentence that says what happened.
    public var description: String {
        switch cause {
        case .rejected(let error): "the server answered with an error: \(error)"
        case .broken(let failure): failure.description
        case .failed(let failure): failure.description
        case .refused(let reason): reason
        case .invalid(let reason, _): "the answer is no valid result: \(reason)"
        case .input(let failure, _): failure.description
        }
    }
}

extension CallFailure {
    /// What the transport itself says, if it was the transport that failed.
    var transportFailure: TransportFailure? {
        switch self {
        case .broken(let error), .unsendable(_, by: let error?): error as? TransportFailure
        default: nil
        }
    }
}

public import JSON
public import JSONRPC
public import MCPTransport

/// What a server answered to a request.
public struct CallResult: Sendable {
    /// The request's id.
    public let id: RequestID
    /// The result as received.
    public let result: JSONText
    /// The time from just before the request was sent until the answer was there.
    public let elapsed: Duration
}

/// Why a request brought no result.
public struct CallError: Error, Sendable, CustomStringConvertible {
    /// Whose word it is.
    public enum Cause: Sendable {
        /// The server answered with an error.
        case rejected(RPCError)
        /// The way to the server failed this request: no such host, a status that is no success, a page, a stream cut off.
        case broken(TransportFailure)
        /// No usable answer came for another reason: a limit, a cancellation, the end, no valid response.
        case failed(CallFailure)
        /// We did not send it, for the reason given.
        case refused(String)

        init(_ failure: CallFailure) {
            self = failure.transportFailure.map(Cause.broken) ?? .failed(failure)
        }
    }

    /// Whose word it is, and what it says.
    public var cause: Cause
    /// The request's id.
    public var id: RequestID
    /// The request as it was sent.
    public var request: [UInt8]
    /// The time until this was known.
    public var elapsed: Duration

    /// A sentence that says what happened.
    public var description: String {
        switch cause {
        case .rejected(let error): "the server answered with an error: \(error)"
        case .broken(let failure): failure.description
        case .failed(let failure): failure.description
        case .refused(let reason): reason
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

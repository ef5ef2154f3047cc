import AsyncRuntime

/// Why a request of ours got no usable response.
///
/// An error that the peer sent is an ``RPCError`` instead.
///
/// Indirect: every async frame of a call reserves space for its error, which is rare.
public indirect enum CallFailure: Error, Sendable {
    /// A limit passed without a response.
    case timeout(Limit, after: Duration)
    /// The caller cancelled the request.
    case cancelled
    /// The connection closed before the response came, for the reason given.
    case ended(String)
    /// The request could not be sent; with the error of the transport, if the transport refused it.
    case unsendable(String, by: (any Error)? = nil)
    /// The exchange of this request failed with an error of the transport; the connection goes on.
    case broken(any Error)
    /// A response came but is not valid.
    case malformed(reason: String, frame: Frame)
    /// A response came whose id is the request's id in another JSON type.
    case mismatchedID(sent: RequestID, received: RequestID, frame: Frame)

    /// The limits that a request can exceed.
    public enum Limit: String, Sendable {
        /// The time for opening a connection.
        case connect
        /// The total time of one request.
        case request
        /// The time without a response or progress.
        case idle
        /// The total time of an operation of several requests.
        case total
    }
}

extension CallFailure: CustomStringConvertible {
    /// What happened, as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .timeout(.idle, let limit): "no response and no progress for \(limit.seconds)"
        case .timeout(.connect, let limit): "no connection within \(limit.seconds)"
        case .timeout(.total, let limit): "the operation did not finish within \(limit.seconds)"
        case .timeout(.request, let limit): "no response within \(limit.seconds)"
        case .cancelled: "the request was cancelled"
        case .ended(let reason): "the connection closed before the response: \(reason)"
        case .unsendable(let reason, _): "the request could not be sent: \(reason)"
        case .broken(let error): "\(error)"
        case .malformed(let reason, _): "the response is not valid: \(reason)"
        case .mismatchedID(let sent, let received, _):
            "the response has the id \(received), but the request has the id \(sent): ids keep their JSON type"
        }
    }
}

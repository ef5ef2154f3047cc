import AsyncRuntime

/// Why a request of ours got no answer that could be used; what the peer answered is an ``RPCError`` instead.
///
/// Kept apart, for every step of a call reserves room for its error, which hardly ever comes.
public indirect enum CallFailure: Error, Sendable {
    /// A limit passed without an answer.
    case timeout(Limit, after: Duration)
    /// The caller gave up.
    case cancelled
    /// The connection ended, for the reason given, before the answer came.
    case ended(String)
    /// The request could not be sent; with the error of the way, if it was the way that refused it.
    case unsendable(String, by: (any Error)? = nil)
    /// The exchange of this one request broke while the connection goes on, with the error of the way.
    case broken(any Error)
    /// The answer came, but is no valid response.
    case malformed(reason: String, frame: Frame)
    /// An answer came that carries the request's id in another type.
    case mismatchedID(asked: RequestID, answered: RequestID, frame: Frame)

    /// The limits that a request may run into.
    public enum Limit: String, Sendable {
        /// The time for making a connection.
        case connect
        /// The whole time of one request.
        case request
        /// The time without an answer or a sign of progress.
        case idle
        /// The time of an operation of several requests.
        case total
    }
}

extension CallFailure: CustomStringConvertible {
    /// A sentence that says what happened.
    public var description: String {
        switch self {
        case .timeout(.idle, let limit): "no answer and no sign of progress for \(limit.seconds)"
        case .timeout(.connect, let limit): "no connection within \(limit.seconds)"
        case .timeout(.total, let limit): "the operation was not finished within \(limit.seconds)"
        case .timeout(.request, let limit): "no answer within \(limit.seconds)"
        case .cancelled: "the request was cancelled"
        case .ended(let reason): "the connection ended before the answer: \(reason)"
        case .unsendable(let reason, _): "the request could not be sent: \(reason)"
        case .broken(let error): "\(error)"
        case .malformed(let reason, _): "the answer is no valid response: \(reason)"
        case .mismatchedID(let asked, let answered, _):
            "the answer carries the id \(answered), which is not the request's \(asked): ids keep their JSON type"
        }
    }
}

public import JSONRPC

/// Why a handler does not respond to an input request.
///
/// A user who declines is a result, not a refusal: `{"action": "decline"}`.
public enum InputRefusal: Error, Sendable, Hashable {
    /// The client declines; the result of an elicitation is `decline`.
    case declined(String)
    /// The input request was cancelled; the result of an elicitation is `cancel`.
    case cancelled
    /// The response is this error, if the era allows an error.
    case failed(RPCError)
}

extension InputRefusal: CustomStringConvertible {
    /// The reason as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .declined(let reason): reason
        case .cancelled: "the input request was cancelled before it was answered"
        case .failed(let error): error.description
        }
    }
}

/// Why a call that requires input could not be finished.
public enum InputFailure: Error, Sendable {
    /// The server requests input that was not declared or does not exist.
    case objection(InputObjection, key: String)
    /// The handler did not respond, and the revision has no response for that.
    case refused(ReceivedInputRequest, InputRefusal)
    /// The server requested input more often than the limit allows.
    case tooManyRounds(limit: Int)
}

extension InputFailure: CustomStringConvertible {
    /// What happened, as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .objection(let objection, let key): "the input request \"\(key)\" was not answered: \(objection)"
        case .refused(let request, let refusal):
            "the input request \"\(request.key)\" (\(request.kind.method)) was not answered: \(refusal)"
        case .tooManyRounds(let limit): "the server requested input \(limit) times and still did not finish"
        }
    }
}

/// Why an input request reaches no handler.
public enum InputObjection: Error, Sendable, Hashable {
    /// The revision does not allow servers to send it.
    case unknownMethod(String)
    /// The client did not declare the capability.
    case undeclared(String)
    /// The client did not declare this mode of the capability.
    case undeclaredMode(String)
    /// It is malformed.
    case malformed(String)

    /// The error that answers a request of the server.
    ///
    /// Source: 2025-11-25, "Elicitation", "Sampling" and "Roots", error handling.
    var error: RPCError {
        switch self {
        case .unknownMethod(let method): .methodNotFound(method)
        case .undeclared: RPCError(code: -32601, message: "Method not found: \(self)")
        case .undeclaredMode, .malformed: .invalidParams(description)
        }
    }
}

extension InputObjection: CustomStringConvertible {
    /// What is wrong, as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .unknownMethod(let method): "servers must not send \"\(method)\" in this revision"
        case .undeclared(let capability): "the client did not declare the capability \"\(capability)\""
        case .undeclaredMode(let capability): "the client did not declare \"\(capability)\""
        case .malformed(let reason): reason
        }
    }
}

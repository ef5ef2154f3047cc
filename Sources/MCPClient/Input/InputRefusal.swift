public import JSONRPC

/// Why a handler gives no answer to a question.
///
/// A user who says no is an answer, not a refusal: `{"action": "decline"}`.
public enum InputRefusal: Error, Sendable, Hashable {
    /// We do not want to; an elicitation is answered as declined.
    case declined(String)
    /// The question was given up before there was an answer; an elicitation is answered as cancelled.
    case cancelled
    /// This error is to be the answer, where the era has errors as answers.
    case failed(RPCError)
}

extension InputRefusal: CustomStringConvertible {
    /// A sentence that says why.
    public var description: String {
        switch self {
        case .declined(let reason): reason
        case .cancelled: "the question was given up before there was an answer"
        case .failed(let error): error.description
        }
    }
}

/// Why a request could not be finished although the server would have gone on: its questions were not answered.
public enum InputFailure: Error, Sendable {
    /// The server asks for something that we did not declare, or that nobody knows.
    case objection(InputObjection, key: String)
    /// Our handler gave no answer, and the revision has no way to say so to the server.
    case refused(ReceivedInputRequest, InputRefusal)
    /// The server asked again and again; the limit is what was allowed.
    case tooManyRounds(limit: Int)
}

extension InputFailure: CustomStringConvertible {
    /// A sentence that says what happened.
    public var description: String {
        switch self {
        case .objection(let objection, let key): "the question \"\(key)\" was not answered: \(objection)"
        case .refused(let question, let refusal):
            "the question \"\(question.key)\" (\(question.kind.method)) was not answered: \(refusal)"
        case .tooManyRounds(let limit): "the server asked \(limit) times and did not come to an end"
        }
    }
}

/// What is wrong with a question, so that it reaches no handler.
public enum InputObjection: Error, Sendable, Hashable {
    /// The revision lets no server ask this.
    case unknownMethod(String)
    /// We did not declare that we can be asked this.
    case undeclared(String)
    /// We can be asked this, but not in this way.
    case undeclaredMode(String)
    /// It is no question at all.
    case malformed(String)

    /// The error that answers a live question.
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
    /// A sentence that says what is wrong.
    public var description: String {
        switch self {
        case .unknownMethod(let method): "no server may ask \"\(method)\" in this revision"
        case .undeclared(let capability): "the client did not declare the capability \"\(capability)\""
        case .undeclaredMode(let capability): "the client did not declare \"\(capability)\""
        case .malformed(let reason): reason
        }
    }
}

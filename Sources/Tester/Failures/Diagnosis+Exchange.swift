import JSON
import MCPTransport

extension Diagnosis {
    /// What a failure of the transport counts as.
    static func failureClass(of kind: TransportFailure.Kind) -> FailureClass {
        switch kind {
        case .spawn: .spawn
        case .usage: .usage
        case .unauthorized, .forbidden: .auth
        case .closed, .unknownHost, .refused, .unreachable, .tls, .proxy, .redirected, .sessionLost, .status, .content,
            .broken, .tooLarge:
            .transport
        }
    }

    /// Why the exchange of one request broke while the connection may go on.
    static func broken(_ problem: TransportFailure, during request: String, target: Target) -> Failure {
        Failure(
            failureClass(of: problem.kind),
            problem.kind == .usage ? .invalidArguments : .transportError,
            "\(request) brought no answer: \(problem.message.asSentence)",
            nextStep: nextStep(for: problem, target: target, isConnected: true),
            details: facts(of: problem)
        )
    }

    /// What to try next after a failure of the transport.
    static func nextStep(for problem: TransportFailure, target: Target, isConnected: Bool = false) -> String {
        HTTPAdvice(problem, target: target, isConnected: isConnected)?.text ?? problem.advice
            ?? "Correct the command, its path or its working directory, then connect again."
    }

    /// The facts of a failure that a script may want to tell apart.
    static func facts(of problem: TransportFailure) -> JSONObject {
        problem.evidence["status"].map { ["http_status": $0] } ?? [:]
    }
}

extension String {
    /// The text with a full stop at its end, unless it has one.
    var asSentence: String {
        hasSuffix(".") || hasSuffix("!") || hasSuffix("?") ? self : self + "."
    }
}

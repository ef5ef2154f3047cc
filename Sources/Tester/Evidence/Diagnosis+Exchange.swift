import JSON
import MCPTransport

extension Diagnosis {
    /// The class of a transport failure.
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
            "\(request) got no response: \(problem.message.asSentence)",
            nextStep: nextStep(for: problem, target: target, isConnected: true),
            details: facts(of: problem)
        )
    }

    /// What to try next after a transport failure.
    static func nextStep(for problem: TransportFailure, target: Target, isConnected: Bool = false) -> String {
        HTTPAdvice(problem, target: target, isConnected: isConnected)?.text ?? problem.advice
            ?? "Correct the command, its path, or its working directory, and connect again."
    }

    /// The facts of a failure that scripts may distinguish.
    static func facts(of problem: TransportFailure) -> JSONObject {
        problem.evidence["status"].map { ["http_status": $0] } ?? [:]
    }
}

extension String {
    /// The text with a full stop at its end, unless it ends a sentence already.
    var asSentence: String {
        hasSuffix(".") || hasSuffix("!") || hasSuffix("?") ? self : self + "."
    }

    var firstUppercased: String {
        prefix(1).uppercased() + dropFirst()
    }
}

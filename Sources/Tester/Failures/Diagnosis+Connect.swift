import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport

/// Tells from facts what went wrong and what to try.
enum Diagnosis {
    /// Why a connection failed, in whichever era it was tried.
    static func of(_ error: ConnectFailure, target: Target, era: EraChoice = .auto) -> Failure {
        var evidence = error.link.map { Evidence.collect(on: $0) } ?? [:]
        if !error.steps.isEmpty { evidence["handshake"] = .array(error.steps.map { .object($0.json) }) }
        let noise = error.link?.transcript.noise.count ?? 0
        var failure = classify(error, noise: noise, target: target, era: era)
        failure.outcome = .error
        failure.details["target"] = .object(target.json)
        if let status = error.status, failure.details["http_status"] == nil {
            failure.details["http_status"] = JSONValue(status)
            if status >= 400 { failure.message += " (HTTP \(status))" }
        }
        failure.evidence = evidence
        if case .transport(let problem) = error.cause { failure.addEvidence(of: problem) }
        if case .rejected(let refusal) = error.cause {
            failure.targetSaid = [("target_error", JSONText(.object(refusal.json)))]
        }
        if let line = error.link.flatMap({ lastErrorLine(of: $0) }) {
            failure.message += " Its last line on standard error: \(line)"
        }
        return failure
    }

    private static func classify(_ error: ConnectFailure, noise: Int, target: Target, era: EraChoice) -> Failure {
        switch error.cause {
        case .transport(let problem):
            return Failure(
                failureClass(of: problem.kind),
                problem.kind == .usage ? .invalidArguments : .connectionFailed,
                problem.message.firstUppercased.asSentence,
                nextStep: nextStep(for: problem, target: target),
                details: facts(of: problem)
            )
        case .ended(let end) where target.endpoint != nil:
            return Failure(
                .transport,
                .connectionFailed,
                "The connection ended before it was made: \(end.reason.asSentence)",
                nextStep: "See in the server's log why it ends the connection, then connect again."
            )
        case .timeout(let limit) where target.endpoint != nil:
            return Failure(
                .timeout,
                .timeout,
                "The server did not answer at \(target.name) within \(limit.seconds).",
                nextStep: "See in the server's log what became of the last request in the evidence; if the server only "
                    + "needs long, raise the connect timeout."
            )
        case .ended(let end) where end.cause == .crashed:
            return Failure(
                .crashed,
                .connectionFailed,
                "The server failed while it started: \(end.reason).",
                nextStep:
                    "Read the server's standard error in the evidence, repair the server's start and connect again."
            )
        case .ended(let end):
            return Failure(
                .handshake,
                .connectionFailed,
                "The server ended before the handshake was done: \(end.reason).",
                nextStep:
                    "See that the server keeps running and reads standard input until it is closed (does its main "
                    + "function await the stdio transport?)."
            )
        case .timeout(let limit) where noise > 0:
            return Failure(
                .stdoutPollution,
                .connectionFailed,
                "The server wrote \(noise) line(s) to standard output that are no protocol messages, and no answer "
                    + "within \(limit.seconds).",
                nextStep: "Send logs and banners to standard error: standard output is for protocol messages alone."
            )
        case .timeout(let limit):
            return Failure(
                .timeout,
                .timeout,
                "The server was started but answered neither server/discover nor initialize within \(limit.seconds).",
                nextStep: "Check that the server serves stdio and flushes its output; if it only needs long to start, "
                    + "raise the connect timeout."
            )
        case .rejected(let refusal):
            let isAboutCredentials = error.status == 401 || error.status == 403
            return Failure(
                isAboutCredentials ? .auth : .handshake,
                .connectionFailed,
                era.isModern
                    ? "The server refused server/discover: \(refusal)."
                    : "The server refused the handshake: \(refusal).",
                nextStep: HTTPAdvice.text(forStatus: error.status, target: target) ?? era.otherEra
                    ?? "Read the server's own error (target_error); make the server accept initialize (or server/discover) "
                    + "with these parameters."
            )
        case .version:
            return Failure(
                .version,
                .connectionFailed,
                "\(error)".firstUppercased + ".",
                nextStep: "Let the server speak one of the known revisions, or choose another one to connect with."
            )
        case .malformed:
            return Failure(
                .handshake,
                .connectionFailed,
                "\(error)".firstUppercased + ".",
                nextStep: "Compare the last received frame in the evidence with the specification's InitializeResult."
            )
        case .cancelled:
            return Failure(.cancelled, .connectionFailed, "Connecting was cancelled.", nextStep: "Connect again.")
        }
    }

    /// The last line that the server wrote to standard error, which often names the cause.
    static func lastErrorLine(of link: ClientLink) -> String? {
        let server = link.end?.evidence ?? link.transport.evidence()
        let lines = server["stderr_tail"]?.array?.compactMap(\.string) ?? []
        return lines.last { $0.contains { !$0.isWhitespace } }
    }
}

extension EraChoice {
    /// Whether only the modern era was to be tried.
    fileprivate var isModern: Bool {
        switch self {
        case .modern: true
        case .pinned(let revision): revision.era == .modern
        case .auto, .legacy: false
        }
    }

    /// What to try where a server was asked only in an era that it may not know.
    fileprivate var otherEra: String? {
        isModern ? "See with the protocol auto whether the server speaks only revisions with a handshake." : nil
    }
}

extension ConnectFailure {
    /// The status of the last answer over HTTP.
    fileprivate var status: Int? { steps.last { $0.status != nil }?.status }
}

extension Failure {
    /// What a transport knows of its failure: of a process that never was, all that there is.
    fileprivate mutating func addEvidence(of problem: TransportFailure) {
        guard problem.kind != .spawn else { return evidence = problem.evidence }
        if !problem.evidence.isEmpty { evidence["exchange"] = .object(problem.evidence) }
    }
}

extension EraVerdict.Step {
    var json: JSONObject {
        var object: JSONObject = [
            "asked": .string(request), "outcome": .string(outcome), "after_ms": JSONValue(Evidence.rounded(after)),
        ]
        if let status { object["status"] = JSONValue(status) }
        return object
    }
}

extension String {
    var firstUppercased: String {
        prefix(1).uppercased() + dropFirst()
    }
}

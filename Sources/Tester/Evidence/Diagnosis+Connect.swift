import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPTransport

/// Decides from facts what went wrong and what to try.
package enum Diagnosis {
    /// Why no connection was made, whatever era was tried.
    static func of(_ error: ConnectFailure, target: Target, era: EraChoice = .auto) -> Failure {
        var evidence = error.link.map { Evidence.ofHandshake(on: $0) } ?? [:]
        if !error.steps.isEmpty { evidence["handshake"] = .array(error.steps.map { .object($0.json) }) }
        let noise = error.link?.transcript.noise.count ?? 0
        var failure = classify(error, noise: noise, target: target, era: era)
        failure.outcome = .error
        failure.details["target"] = .object(target.json)
        if let status = error.status, failure.details["http_status"] == nil {
            failure.details["http_status"] = JSONValue(status)
            if status >= 400 { failure.addHTTPStatus(status) }
        }
        if let end = error.link?.end, failure.message.contains(end.reason) { evidence["connection_ended"] = nil }
        // After a timeout it was ended by us.
        if case .timeout = error.cause { evidence["connection_ended"] = nil }
        failure.evidence = evidence
        if case .transport(let problem) = error.cause { failure.addEvidence(of: problem) }
        if case .rejected(let refusal) = error.cause {
            failure.targetSaid = [("target_error", JSONText(.object(refusal.json)))]
        }
        return failure
    }

    /// What users give to change the connect timeout.
    private static let timeoutParameter = "`timeout` of connect_to_server, --connect-timeout on the command line"

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
                "The server closed the connection during the handshake: \(end.reason.asSentence)",
                nextStep: "Check the server's log to see why it closes the connection, and connect again."
            )
        case .timeout(let limit) where target.endpoint != nil:
            return Failure(
                .timeout,
                .timeout,
                "The server at \(target.name) did not respond within \(limit.seconds).",
                nextStep:
                    "Look in the server's log for the last request of evidence.last_frames. If the server only needs "
                    + "more time, raise the connect timeout: \(timeoutParameter)."
            )
        case .ended(let end) where end.cause == .crashed: return crashed(end, target: target)
        case .ended(let end):
            return Failure(
                .handshake,
                .connectionFailed,
                "The server exited during the handshake: \(end.reason).",
                nextStep: adviceToKeepRunning(target)
            )
        case .timeout(let limit) where noise > 0:
            return Failure(
                .stdoutPollution,
                .connectionFailed,
                "The server did not respond within \(limit.seconds). It wrote \(lines(noise)) of non-protocol text to "
                    + "stdout.",
                nextStep: logToStandardError
            )
        case .timeout(let limit):
            if let failure = servesHTTP(error, limit) { return failure }
            return Failure(
                .timeout,
                .timeout,
                "The server started, but responded to neither server/discover nor initialize within \(limit.seconds).",
                nextStep:
                    "Check that the server uses the stdio transport and flushes its output. If it only starts slowly, "
                    + "raise the connect timeout: \(timeoutParameter)."
            )
        case .rejected(let refusal):
            let isAboutCredentials = error.status == 401 || error.status == 403
            return Failure(
                isAboutCredentials ? .auth : .handshake,
                .connectionFailed,
                era.isModern
                    ? "The server rejected server/discover: \(refusal)."
                    : "The server rejected the handshake: \(refusal).",
                nextStep: HTTPAdvice.text(forStatus: error.status, target: target) ?? era.otherEra
                    ?? "Read the server's error in target_error, and make the server accept initialize (or server/discover) "
                    + "with these parameters."
            )
        case .version:
            return Failure(
                .version,
                .connectionFailed,
                "\(error)".firstUppercased + ".",
                nextStep: "Make the server support one of the known revisions, or connect with another protocol."
            )
        case .malformed:
            return Failure(
                .handshake,
                .connectionFailed,
                "\(error)".firstUppercased + ".",
                nextStep: "Compare the last frame of evidence.last_frames with InitializeResult in the specification."
            )
        case .cancelled:
            return Failure(
                .cancelled,
                .connectionFailed,
                "The connection attempt was cancelled.",
                nextStep: "Connect again."
            )
        }
    }
}

extension Diagnosis {
    /// What to do about a server that exits without an error before it is used.
    private static func adviceToKeepRunning(_ target: Target) -> String {
        guard let file = target.process.flatMap(TargetFile.init(of:))?.path, file.hasSuffix(".py") else {
            return
                "Keep the server running until its standard input is closed. Does its main function await the stdio transport?"
        }
        return "Let \(file) run the server until its standard input is closed: does it end with mcp.run()? "
            + "A file that only defines a FastMCP server is started with `fastmcp run \(file)`."
    }

    /// The failure of a server that does not respond because it serves HTTP; nil if nothing says so.
    private static func servesHTTP(_ error: ConnectFailure, _ limit: Duration) -> Failure? {
        let evidence = error.link.map { $0.end?.evidence ?? $0.transport.evidence() }
        let lines = evidence?["stderr_tail"]?.array?.compactMap(\.string) ?? []
        guard let url = ServedAddress.url(in: lines) else { return nil }
        return Failure(
            .handshake,
            .connectionFailed,
            "The server serves HTTP and does not respond on its standard streams (within \(limit.seconds)).",
            nextStep:
                "Start it by hand and connect to \(url), or let it use the stdio transport: mcp.run() without `transport`."
        )
    }
}

extension EraChoice {
    /// Whether only the stateless era was tried.
    fileprivate var isModern: Bool {
        switch self {
        case .modern: true
        case .pinned(let revision): revision.era == .modern
        case .auto, .legacy: false
        }
    }

    /// What to try if only an era was tried that the server may not know.
    fileprivate var otherEra: String? {
        isModern ? "Connect with protocol auto: the server may support only revisions with a handshake." : nil
    }
}

extension Failure {
    /// Whether the server speaks none of the revisions that were tried, or rejected the handshake.
    package var isAboutVersions: Bool { failureClass == .version || failureClass == .handshake && !targetSaid.isEmpty }
}

extension ConnectFailure {
    /// The HTTP status of the last response.
    var status: Int? { steps.last { $0.status != nil }?.status }
}

extension Failure {
    /// Adds what the transport knows; for a process that was never started there is nothing else.
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

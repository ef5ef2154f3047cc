import AsyncRuntime
import JSON
import JSONRPC
import MCPClient
import MCPTransport

extension Diagnosis {
    /// Why a request brought no result, as far as the answer itself tells.
    ///
    /// - Parameters:
    ///   - question: What was asked, such as `tools/call "echo"`.
    ///   - target: The server.
    ///   - mark: How many observations there were when the question began.
    static func of(
        _ error: CallError,
        during request: String,
        of target: Target,
        on link: ClientLink,
        since mark: Int
    ) -> Failure {
        let exchange = link.transport.evidence(of: error.id)
        var failure = classify(error, during: request, of: target, on: link, since: mark)
        if let status = exchange?["status"]?.int, failure.details["http_status"] == nil {
            failure.details["http_status"] = JSONValue(status)
            if status >= 400 { failure.message += " (HTTP \(status))" }
            if status == 401 || status == 403, case .rejected = error.cause {
                failure.failureClass = .auth
                failure.outcome = FailureClass.auth.outcome
                failure.nextStep = HTTPAdvice.text(forStatus: status, target: target) ?? failure.nextStep
            }
        }
        failure.evidence = Evidence.collect(on: link, since: mark, request: error.request, elapsed: error.elapsed)
        if let exchange { failure.evidence["exchange"] = .object(exchange) }
        return failure
    }

    private static func classify(
        _ error: CallError,
        during request: String,
        of target: Target,
        on link: ClientLink,
        since mark: Int
    ) -> Failure {
        switch error.cause {
        case .rejected(let refusal):
            Failure(
                .protocolError,
                .executionError,
                "The server answered \(request) with error \(refusal.code): \(refusal.message)",
                nextStep: target.process == nil
                    ? "Read the server's own error (target_error), and its log."
                    : "Read the server's own error (target_error) and its standard error in the evidence.",
                details: ["code": JSONValue(refusal.code)],
                targetSaid: [("target_error", JSONText(.object(refusal.json)))]
            )
        case .invalid(let reason, let result):
            Failure(
                .protocolError,
                .executionError,
                "The result of \(request) is no valid one: \(reason).",
                nextStep: "Report with resultType \"complete\", or \"input_required\" where the method allows it.",
                targetSaid: [("target_result", result)]
            )
        case .input(let failure, let result):
            input(failure, during: request, showing: result)
        case .failed(.timeout(let limit, after: let duration)):
            timeout(limit, duration, during: request, on: link, since: mark)
        case .failed(.cancelled):
            Failure(.cancelled, .executionError, "\(request) was cancelled.", nextStep: "Ask again.")
        case .failed(.malformed(let reason, let frame)):
            unusable(
                frame,
                "The response to \(request) is not valid: \(reason).",
                nextStep: "Respond with jsonrpc, the request's id and either result or error."
            )
        case .failed(.mismatchedID(_, _, let frame)):
            unusable(
                frame,
                "\(error)".firstUppercased + ".",
                nextStep: "Echo the request's id unchanged: 1 and \"1\" are different ids."
            )
        case .broken(let problem) where link.end == nil: broken(problem, during: request, target: target)
        case .refused(let reason):
            Failure(
                .schemaMismatch,
                .executionError,
                reason.firstUppercased.asSentence,
                nextStep: "Repair the tool's inputSchema; to see what the server does all the same, force the call."
            )
        case .broken, .failed(.broken), .failed(.ended), .failed(.unsendable):
            ended(link.end, error, during: request, on: link)
        }
    }

    /// A response that cannot be used; its content is shown, since it often names the fault.
    private static func unusable(_ frame: Frame, _ message: String, nextStep: String) -> Failure {
        Failure(
            .protocolError,
            .executionError,
            message,
            nextStep: nextStep,
            details: ["frame": .string(Evidence.text(frame.bytes, limit: 2000))],
            targetSaid: frame.text.map { [("target_response", $0)] } ?? []
        )
    }

    /// The target wanted to know something: who is at fault that it does not.
    private static func input(_ failure: InputFailure, during request: String, showing result: JSONText) -> Failure {
        let (failureClass, nextStep): (FailureClass, String) =
            switch failure {
            case .refused:
                (.needsInput, "Call again and answer what the server asks; this revision has no way to refuse it.")
            case .objection:
                (
                    .protocolError,
                    "Ask only what the client declared, by methods that the revision has: see inputRequests in target_result."
                )
            case .tooManyRounds:
                (.protocolError, "Let the server come to an end: it asked again although it was answered each time.")
            }
        return Failure(
            failureClass,
            .executionError,
            "\(request) needs input before it can go on, and did not get it: \(failure).",
            nextStep: nextStep,
            targetSaid: [("target_result", result)]
        )
    }

    private static func timeout(
        _ limit: CallFailure.Limit,
        _ duration: Duration,
        during request: String,
        on link: ClientLink,
        since mark: Int
    ) -> Failure {
        let observed = link.observations.since(mark)
        let noise = observed.count { if case .noise = $0.kind { true } else { false } }
        let stray = observed.last { if case .strayAnswer = $0.kind { true } else { false } }
        if let stray {
            return Failure(
                .protocolError,
                .executionError,
                "\(request) got no answer within \(duration.seconds); what came instead was \(stray.kind).",
                nextStep: "Make the server answer with the id of the request."
            )
        }
        if noise > 0 {
            return Failure(
                .stdoutPollution,
                .executionError,
                "\(request) got no answer within \(duration.seconds); what came instead were \(noise) line(s) that are "
                    + "no protocol messages.",
                nextStep: "Send logs to standard error: standard output is for protocol messages alone."
            )
        }
        let what = limit == .idle ? "neither an answer nor progress" : "no answer"
        return Failure(
            .timeout,
            .timeout,
            "\(request) brought \(what) within \(duration.seconds); the server was told that the request is cancelled.",
            nextStep:
                "Look in the server for what blocks this request; if it only takes long, raise the limit or let the "
                + "server report progress."
        )
    }

    private static func ended(
        _ end: TransportEnd?,
        _ error: CallError,
        during request: String,
        on link: ClientLink
    ) -> Failure {
        let reason = end?.reason ?? "\(error)"
        let line = lastErrorLine(of: link).map { " Its last line on standard error: \($0)" } ?? ""
        if end?.cause == .crashed {
            return Failure(
                .crashed,
                .transportError,
                "The server died before it answered \(request): \(reason).\(line)",
                nextStep: "Read the server's standard error in the evidence, repair the server and connect again."
            )
        }
        if end?.cause == .closedByUs {
            return Failure(
                .transport,
                .transportError,
                "\(request) got no answer, for the connection was ended on this side meanwhile.",
                nextStep: "Connect again and ask again."
            )
        }
        return Failure(
            .transport,
            .transportError,
            "The connection ended before \(request) was answered: \(reason).\(line)",
            nextStep: "Connect again; if it ends again, see why the server stops."
        )
    }
}

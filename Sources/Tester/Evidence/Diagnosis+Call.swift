import AsyncRuntime
import JSON
import JSONRPC
package import MCPClient
import MCPTransport

extension Diagnosis {
    /// Why a request failed, as far as the response itself tells.
    ///
    /// - Parameters:
    ///   - request: What was requested, such as `tools/call "echo"`.
    ///   - target: The server.
    ///   - mark: The number of events when the request began.
    package static func of(
        _ error: CallError,
        during request: String,
        of target: Target,
        on link: ClientLink,
        since mark: Int
    ) -> Failure {
        let http = link.transport.evidence(of: error.id)
        var failure = classify(error, during: request, of: target, on: link, since: mark)
        if let status = http?["status"]?.int, failure.details["http_status"] == nil {
            failure.details["http_status"] = JSONValue(status)
            if status >= 400 { failure.addHTTPStatus(status) }
            if status == 401 || status == 403, case .rejected = error.cause {
                failure.failureClass = .auth
                failure.outcome = FailureClass.auth.outcome
                failure.nextStep = HTTPAdvice.text(forStatus: status, target: target) ?? failure.nextStep
            }
        }
        let exchange = FailedExchange(
            requests: error.requests,
            request: error.request,
            showsResponse: !failure.targetSaid.isEmpty || failure.details["frame"] != nil,
            elapsed: error.elapsed
        )
        failure.evidence = Evidence.of(exchange, on: link, since: mark)
        if let end = link.end, failure.message.contains(end.reason) { failure.evidence["connection_ended"] = nil }
        if let http { failure.evidence["exchange"] = .object(http) }
        if case .broken(let problem) = error.cause, let steps = problem.evidence["authorization"] {
            failure.evidence["authorization"] = steps
        }
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
                "The server returned error \(refusal.code) for \(request): \(refusal.message)",
                nextStep: target.process == nil
                    ? "Read the server's error in target_error, and the server's log."
                    : link.events.since(mark, kinds: [.stderr]).entries.isEmpty
                        ? "Read the server's error in target_error. It wrote nothing to its standard error."
                        : "Read the server's error in target_error and its standard error in evidence.server.",
                details: ["code": JSONValue(refusal.code)],
                targetSaid: [("target_error", JSONText(.object(refusal.json)))]
            )
        case .invalid(let reason, let result):
            Failure(
                .protocolError,
                .executionError,
                "The result of \(request) is not valid: \(reason).",
                nextStep: "Return resultType \"complete\", or \"input_required\" if the method allows it.",
                targetSaid: [("target_result", result)]
            )
        case .input(let failure, let result):
            input(failure, during: request, showing: result)
        case .failed(.timeout(let limit, after: let duration)):
            timeout(limit, duration, during: request, on: link, since: mark)
        case .failed(.cancelled):
            Failure(.cancelled, .executionError, "\(request) was cancelled.", nextStep: "Send the request again.")
        case .failed(.malformed(let reason, let frame)):
            unusable(
                frame,
                "The response to \(request) is not valid: \(reason).",
                nextStep: "Respond with jsonrpc, the request's id, and either result or error."
            )
        case .failed(.mismatchedID(let sent, let received, let frame)):
            unusable(
                frame,
                "The response to \(request) has the id \(received), but the request has the id \(sent).",
                nextStep: "Return the request's id unchanged: 1 and \"1\" are different ids."
            )
        case .broken(let problem) where link.end == nil: broken(problem, during: request, target: target)
        case .refused(let reason):
            Failure(
                .schemaMismatch,
                .executionError,
                reason.firstUppercased.asSentence,
                nextStep: "Correct the tool's inputSchema. To call the tool anyway, set force."
            )
        case .broken, .failed(.broken), .failed(.ended), .failed(.unsendable):
            ended(link.end, error, during: request)
        }
    }

    /// A response that cannot be used; its content is shown because it often names the fault.
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

    /// The target requested input and did not get it: whose fault that is.
    private static func input(_ failure: InputFailure, during request: String, showing result: JSONText) -> Failure {
        let (failureClass, nextStep): (FailureClass, String) =
            switch failure {
            case .refused:
                (.needsInput, "Call again and provide the input. In this revision it cannot be declined.")
            case .objection:
                (
                    .protocolError,
                    "Request only input that the client declared, by methods of this revision. See inputRequests in "
                        + "target_result."
                )
            case .tooManyRounds:
                (.protocolError, "Return a result: the server requested input again after each response.")
            }
        return Failure(
            failureClass,
            .executionError,
            "\(request) did not get the input that it needs: \(failure).",
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
                "\(request) got no response within \(duration.seconds). The server sent \(stray.kind).",
                nextStep: "Respond with the id of the request."
            )
        }
        if noise > 0 {
            return Failure(
                .stdoutPollution,
                .executionError,
                "\(request) got no response within \(duration.seconds). The server wrote \(lines(noise)) of "
                    + "non-protocol text to stdout.",
                nextStep: logToStandardError
            )
        }
        let what = limit == .idle ? "no response and no progress" : "no response"
        return Failure(
            .timeout,
            .timeout,
            "\(request) got \(what) within \(duration.seconds). The request was cancelled.",
            nextStep: "Check what blocks this request in the server. If it only takes long, raise the timeout or "
                + "report progress."
        )
    }

    private static func ended(_ end: TransportEnd?, _ error: CallError, during request: String) -> Failure {
        let reason = end?.reason ?? "\(error)"
        switch end?.cause {
        case .crashed?:
            return Failure(
                .crashed,
                .transportError,
                "The server crashed during \(request): \(reason).",
                nextStep: standardErrorAdvice(end?.standardError ?? [], then: "fix the server, and connect again")
            )
        case .closedByUs?:
            return Failure(
                .transport,
                .transportError,
                "\(request) got no response: the tester closed the connection first.",
                nextStep: "Connect again and send the request again."
            )
        default:
            return Failure(
                .transport,
                .transportError,
                "The connection closed before the response to \(request): \(reason).",
                nextStep: "Connect again. If the connection closes again, check why the server stops."
            )
        }
    }

    /// Advice for a server that writes text to its standard output.
    static let logToStandardError = "Write logs and banners to standard error: stdout is for protocol messages only."

    static func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
}

extension Failure {
    /// Adds the HTTP status to the last sentence of the message, so that also the verdict has it.
    mutating func addHTTPStatus(_ status: Int) {
        let endsWithPeriod = message.hasSuffix(".")
        if endsWithPeriod { message.removeLast() }
        message += " (HTTP \(status))" + (endsWithPeriod ? "." : "")
    }
}

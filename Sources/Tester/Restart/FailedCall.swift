import JSON

/// A call that failed, which can be repeated after a restart.
struct FailedCall: Sendable {
    /// What was called.
    enum Request: Sendable {
        case tool(String, arguments: JSONText?)
        case resource(String)
        case prompt(String, arguments: JSONText?)
    }

    let request: Request
    /// How it failed.
    let failureClass: FailureClass
    let message: String

    init(_ request: Request, _ failure: Failure) {
        self.request = request
        failureClass = failure.failureClass
        message = failure.message
    }

    var label: String {
        switch request {
        case .tool(let name, _): "tool \"\(name)\""
        case .resource(let uri): "resource \"\(uri)\""
        case .prompt(let name, _): "prompt \"\(name)\""
        }
    }
}

extension TesterSession {
    /// Keeps a call that was not sent because the server had ended, so that a restart can repeat it.
    func keepIfNotSent(_ report: Report, of request: FailedCall.Request, with options: CallOptions) {
        guard let failure = report.failure, failure.errorType == .notConnected else { return }
        locate(options.connection)?.connection.keep(FailedCall(request, failure))
    }

    /// Calls again what failed.
    func `repeat`(_ call: FailedCall, with options: CallOptions) async -> Report {
        switch call.request {
        case .tool(let name, let arguments): await callTool(name, arguments: arguments, with: options)
        case .resource(let uri): await readResource(uri, with: options)
        case .prompt(let name, let arguments): await getPrompt(name, arguments: arguments, with: options)
        }
    }
}

extension Report {
    /// Adds the report on a repeated call, and how it differs from the first.
    mutating func add(_ repeated: Report, of call: FailedCall) {
        let outcome: String
        switch repeated.failure {
        case nil where repeated.pending != nil: outcome = "needs input"
        case nil: outcome = "fixed"
        case let failure?:
            let isSame = failure.failureClass == call.failureClass && failure.message.hasPrefix(call.message)
            outcome = isSame ? "fails as before" : "fails differently"
        }
        addToSummary("repeated \(call.label): \(outcome)")
        let before: JSONObject = [
            "failure_class": .string(call.failureClass.rawValue), "message": .string(call.message),
        ]
        let kept = repeated.members.filter { $0.key != "metadata" }
        add(
            "repeated",
            .object(
                [
                    .init(key: "call", value: .value(.string(call.label))),
                    .init(key: "outcome", value: .value(.string(outcome))),
                    .init(key: "before", value: .value(.object(before))),
                    .init(key: "verdict", value: .value(.string(repeated.verdict))),
                ] + kept
            )
        )
        findings += repeated.findings
        guard var failure = repeated.failure else { return }
        // The restart succeeded, but what it was for did not.
        failure.message = "The server was restarted, and \(call.label) \(outcome): \(failure.message)"
        self.failure = failure
        self.outcome = failure.outcome
    }
}

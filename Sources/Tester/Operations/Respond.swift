public import JSON
import JSONSchema
import MCPClient
import TextUtilities

extension TesterSession {
    /// Calls a target in its own task, and waits until that ends or needs input from the user.
    ///
    /// - Parameters:
    ///   - subject: What is called.
    ///   - body: Sends the request; input requests and progress of the target go to the call.
    func call(
        _ subject: CallSubject,
        with options: CallOptions,
        _ body: @escaping @Sendable (Operation, PendingCall) async -> Report
    ) async -> Report {
        guard let connection = locate(options.connection)?.connection else {
            var report = Report(notConnected(options.connection), emptyPayload: (subject.payloadKey, nil))
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
        if let report = connection.reportIfEnded(emptyPayload: (subject.payloadKey, nil)) { return report }
        let call = PendingCall(subject, on: connection, plan: options.input, relay: options.relay)
        call.start { [self] in
            let report = await perform(connection, headers: options.headers, for: call) { await body($0, call) }
            if let metrics = settings.metrics { call.record(report, in: metrics, redactor) }
            return report
        }
        return report(await call.next(), of: call)
    }

    /// Answers the input requests of a call, and waits until the call ends or needs input again.
    ///
    /// Nothing is sent before all answers are checked; after an error the requests can be answered again.
    ///
    /// - Parameters:
    ///   - id: The `call_id` of the call (default: the only waiting call).
    ///   - answers: The answers by the keys of the input requests; the key `""` is for the only one. If empty, the call is
    ///     only waited for.
    ///   - isForced: Sends answers that do not match the request, to test the target.
    ///   - relay: Receives what the target reports meanwhile.
    public func respond(
        _ id: String?,
        with answers: JSONObject,
        isForced: Bool = false,
        relay: (any CallRelay)? = nil
    ) async -> Report {
        do throws(Failure) {
            let call = try find(id)
            let replies = try read(answers, for: call, isForced: isForced)
            let late = call.settle(replies)
            if let key = late.first { throw answered(key, call) }
            call.connection.idleWatch?.beginUse()
            defer { call.connection.idleWatch?.endUse() }
            return report(await call.next(relay: relay), of: call)
        } catch {
            var report = Report(error)
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
    }

    // MARK: - Steps

    private func report(_ step: PendingCall.Step, of call: PendingCall) -> Report {
        switch step {
        case .needsInput(let questions):
            pendingCalls.add(call, of: principal)
            var report = Report(call, asks: questions)
            report.findings = call.connection.takeFindings() + call.takeFindings()
            return report
        case .ended(let report):
            pendingCalls.close(call)
            return report
        case .reported: return Report(over(call.id))
        case .busy:
            let failure = Failure.usage(
                "Another respond call is waiting for this call already.",
                nextStep: "Wait for the result of that one."
            )
            return Report(failure)
        }
    }

    private func find(_ id: String?) throws(Failure) -> PendingCall {
        let open = pendingCalls.open(for: principal)
        let ids: JSONObject = ["waiting_calls": .array(open.map { .string($0.id) })]
        guard let id else {
            if open.count == 1 { return open[0] }
            throw .usage(
                open.isEmpty ? "No call is waiting for input." : "\(open.count) calls are waiting for input.",
                nextStep: open.isEmpty
                    ? "Call a tool first. Use respond only if a result has status needs_input."
                    : "Give the call_id of one of them.",
                details: ids
            )
        }
        switch pendingCalls.find(id, for: principal) {
        case .open(let call): return call
        case .told: throw over(id)
        case nil:
            throw .usage(
                "Unknown call_id \"\(id)\".",
                nextStep: "Give call_id exactly as in the result with status needs_input.",
                details: ids
            )
        }
    }

    private func over(_ id: String) -> Failure {
        .usage(
            "The call \(id) has ended, and its result was returned.",
            nextStep: "Call the tool again.",
            details: ["waiting_calls": .array(pendingCalls.open(for: principal).map { .string($0.id) })]
        )
    }

    // MARK: - Answers

    private func read(
        _ answers: JSONObject,
        for call: PendingCall,
        isForced: Bool
    ) throws(Failure) -> [(key: String, reply: InputReply)] {
        let questions = call.inputRequests
        // The result of an ended call matters more than an error about late answers.
        if questions.hasEnded { return [] }
        var replies: [(key: String, reply: InputReply)] = []
        for member in answers.members {
            let key = member.key.isEmpty ? questions.open.first?.key ?? "" : member.key
            if member.key.isEmpty, questions.open.count > 1 {
                throw .usage(
                    "The call has \(questions.open.count) open input requests, and the answer names none of them.",
                    nextStep: "Give answers, an object with the keys of the input requests.",
                    details: open(questions.open)
                )
            }
            guard let question = questions.open.first(where: { $0.key == key }) else {
                if questions.settled.contains(key) { throw answered(key, call) }
                guard !questions.open.isEmpty else {
                    throw .usage(
                        "The call has no open input request.",
                        nextStep: "Omit answers to wait for its result."
                    )
                }
                let close = nearest(key, among: questions.open.map(\.key)).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .usage(
                    "Unknown input request \"\(key)\".\(close)",
                    nextStep: "Use the keys of details.open_questions.",
                    details: open(questions.open)
                )
            }
            replies.append((key, try read(member.value, to: question, isForced: isForced)))
        }
        return replies
    }

    private func read(
        _ value: JSONValue,
        to open: PendingCall.OpenInputRequest,
        isForced: Bool
    ) throws(Failure) -> InputReply {
        do throws(InputReply.Fault) {
            guard let object = value.object else {
                throw InputReply.Fault("expected an object, got \(value)")
            }
            return try InputReply.read(object, to: open.question, isForced: isForced)
        } catch {
            var details: JSONObject = [
                "key": .string(open.key), "violations": .array(error.reasons.map(JSONValue.string)),
            ]
            if let example = Example.answer(to: open.question) { details["example"] = .object(example) }
            throw .usage(
                "The answer to \"\(open.key)\" was not sent: \(error.reasons.joined(separator: "; "))".asSentence
                    + " You can answer again.",
                nextStep: "Correct the answer. details.example is a valid example.",
                details: details
            )
        }
    }

    private func open(_ questions: [PendingCall.OpenInputRequest]) -> JSONObject {
        ["open_questions": .array(questions.map { .string($0.key) })]
    }

    private func answered(_ key: String, _ call: PendingCall) -> Failure {
        .usage(
            "The input request \"\(key)\" is closed: it was answered, cancelled by the server, or has expired.",
            nextStep: "Call respond without answers to wait for the result.",
            details: open(call.inputRequests.open)
        )
    }
}

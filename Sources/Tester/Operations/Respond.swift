public import JSON
import JSONSchema
import MCPClient
import TextUtilities

extension TesterSession {
    /// Calls a target in a task of its own and waits until that ends or asks what nothing settles.
    ///
    /// - Parameters:
    ///   - label: What is called, such as `tool "echo"`.
    ///   - payload: Where users look for what it brings.
    ///   - body: Puts the question to the target; what the target asks and reports goes to the call.
    func call(
        _ label: String,
        _ payload: String,
        with options: CallOptions,
        _ body: @escaping @Sendable (Operation, PendingCall) async -> Report
    ) async -> Report {
        guard let connection = locate(options.connection)?.connection else {
            var report = Report(notConnected(options.connection), emptyPayload: (payload, nil))
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
        let call = PendingCall(label, payloadKey: payload, on: connection, plan: options.input, relay: options.relay)
        call.start { [self] in
            await perform(connection, headers: options.headers) { await body($0, call) }
        }
        return report(await call.next(), of: call)
    }

    /// Answers what the target of a call asked, and waits for the call's end or the next question.
    ///
    /// Nothing leaves before all answers are seen to be right; after an error the questions are still open.
    ///
    /// - Parameters:
    ///   - id: The `call_id` of the call; without it the only one that waits.
    ///   - answers: The answers by the keys of the questions; a single one under the key `""` is for the only question.
    ///     Without any the call is only waited for.
    ///   - isForced: Sends answers also where they break what was asked for, to see what the target says.
    ///   - relay: Takes what the target tells meanwhile.
    public func respond(
        _ id: String?,
        with answers: JSONObject,
        isForced: Bool = false,
        relay: CallRelay? = nil
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
            report.findings = call.connection.newFindings() + call.takeFindings()
            return report
        case .ended(let report):
            pendingCalls.close(call)
            return report
        case .reported: return Report(over(call.id))
        case .busy:
            let failure = Failure.usage(
                "Another respond waits for this call already, and gets what comes of it.",
                nextStep: "Wait for the answer of that one."
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
                open.isEmpty ? "No call waits for an answer." : "\(open.count) calls wait for answers.",
                nextStep: open.isEmpty
                    ? "Call a tool first; respond is for when its answer has the status needs_input."
                    : "Give the call_id of the one that is meant.",
                details: ids
            )
        }
        switch pendingCalls.find(id, for: principal) {
        case .open(let call): return call
        case .told: throw over(id)
        case nil:
            throw .usage(
                "There is no call \"\(id)\".",
                nextStep: "Give call_id exactly as the answer with the status needs_input had it.",
                details: ids
            )
        }
    }

    private func over(_ id: String) -> Failure {
        .usage(
            "The call \(id) is over: its end was told.",
            nextStep: "Call again to have the question asked again.",
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
        // What came of a call that is over is worth more than a word about answers that come too late.
        if questions.hasEnded { return [] }
        var replies: [(key: String, reply: InputReply)] = []
        for member in answers.members {
            let key = member.key.isEmpty ? questions.open.first?.key ?? "" : member.key
            if member.key.isEmpty, questions.open.count > 1 {
                throw .usage(
                    "\(questions.open.count) questions are open, and it is not said which one is answered.",
                    nextStep: "Give answers: an object with the keys of the questions.",
                    details: open(questions.open)
                )
            }
            guard let question = questions.open.first(where: { $0.key == key }) else {
                if questions.settled.contains(key) { throw answered(key, call) }
                guard !questions.open.isEmpty else {
                    throw .usage("No question is open.", nextStep: "Leave answers out to wait for the call's end.")
                }
                let close = nearest(key, among: questions.open.map(\.key)).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .usage(
                    "No question has the key \"\(key)\".\(close)",
                    nextStep: "Give the answers under the keys of the questions.",
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
                throw InputReply.Fault("the answer is \(value), but must be an object")
            }
            return try InputReply.read(object, to: open.question, isForced: isForced)
        } catch {
            var details: JSONObject = [
                "key": .string(open.key), "violations": .array(error.reasons.map(JSONValue.string)),
            ]
            if let example = Example.answer(to: open.question) { details["example"] = .object(example) }
            throw .usage(
                "The answer to \"\(open.key)\" was not sent: \(error.reasons.joined(separator: "; "))".asSentence
                    + " The question is still open.",
                nextStep: "Correct the answer; details.example is one that would do.",
                details: details
            )
        }
    }

    private func open(_ questions: [PendingCall.OpenInputRequest]) -> JSONObject {
        ["open_questions": .array(questions.map { .string($0.key) })]
    }

    private func answered(_ key: String, _ call: PendingCall) -> Failure {
        .usage(
            "The question \"\(key)\" is not open any more: it was answered, called off by the server, or expired.",
            nextStep: "Respond without answers to wait for what comes of the call.",
            details: open(call.inputRequests.open)
        )
    }
}

import JSON
import MCP
import MCPClient

extension Report {
    /// Creates the report of a call whose target requests input first.
    ///
    /// It is kept short: there is no error and no evidence yet, and the metadata comes with the end of the call.
    init(_ call: PendingCall, asks open: [PendingCall.OpenInputRequest]) {
        let questions = open.map { open in
            PendingInput.Request(
                key: open.key,
                question: open.question,
                rule: open.rule,
                example: Example.answer(to: open.question),
                remarks: open.remarks
            )
        }
        let what = questions.count == 1 ? questions[0].question.what : "\(questions.count) inputs"
        self.init(.needsInput, "\(call.subject) needs \(what)")
        add("status", "needs_input")
        add("call_id", .string(call.id))
        add("expires_in_seconds", JSONValue(call.connection.inbox.timeout.wholeSeconds))
        add("questions", .list(questions.map { .object($0.members) }))
        add(call.subject.payloadKey, nil)
        // Every report has this key, as in the first mcp-test-mcp.
        add("metadata", [:])
        pending = PendingInput(callID: call.id, questions: questions)
    }
}

extension ReceivedInputRequest {
    /// What is requested, after "needs".
    fileprivate var what: String {
        switch kind {
        case .elicitation: mode == .url ? "the user to open a page" : "input from the user"
        case .sampling: "a message from a model"
        case .roots: "the root directories"
        }
    }
}

extension PendingInput.Request {
    /// The input request as users see it: what the target sent, and a valid answer.
    fileprivate var members: [Report.Member] {
        var members: [Report.Member] = [
            .init(key: "key", value: .value(.string(key))),
            .init(key: "kind", value: .value(.string(question.kind.rawValue))),
        ]
        let params = question.params
        switch question.kind {
        case .elicitation:
            for (key, text) in params.members ?? [] {
                members.append(.init(key: key == "requestedSchema" ? "schema" : key, value: .payload(text)))
            }
        case .sampling: members.append(.init(key: "params", value: .payload(params)))
        case .roots: break
        }
        if let example { members.append(.init(key: "example", value: .value(.object(example)))) }
        if !remarks.isEmpty {
            members.append(.init(key: "not_used", value: .value(.array(remarks.map(JSONValue.string)))))
        }
        return members
    }
}

public import JSON
import MCP
public import MCPClient

/// What a call waits for, for a face that can ask its user by itself.
public struct PendingInput: Sendable {
    /// A question and what belongs to it.
    public struct Request: Sendable {
        /// What its answer is addressed to.
        public var key: String
        /// What the target asks.
        public var question: ReceivedInputRequest
        /// How the user is to be asked.
        public var rule: InputPolicy.Rule
        /// What an answer could be.
        public var example: JSONObject?
        /// Why answers that were ready for it could not be used.
        public var remarks: [String]
    }

    /// By which ``TesterSession/respond(_:with:isForced:relay:)`` knows the call.
    public var callID: String
    /// The questions, in the order in which they came.
    public var questions: [Request]
}

extension Report {
    /// The answer of a call whose target wants to know something first.
    ///
    /// It is short, for it is what a question costs: nothing has failed or succeeded yet, so there is no error and nothing
    /// in the metadata, and what is evidence can be had with the end of the call.
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
        let wish = questions.count == 1 ? questions[0].question.wish : "asks \(questions.count) questions"
        self.init(.needsInput, "\(call.label) \(wish)")
        add("status", "needs_input")
        add("call_id", .string(call.id))
        add("expires_in_seconds", JSONValue(call.connection.inbox.life.wholeSeconds))
        add("questions", .list(questions.map { .object($0.members) }))
        add(call.payloadKey, nil)
        // Every answer of ours has it, and readers of the first mcp-test-mcp count on that.
        add("metadata", [:])
        pending = PendingInput(callID: call.id, questions: questions)
    }
}

extension ReceivedInputRequest {
    /// What it is about, after the name of who asks.
    fileprivate var wish: String {
        switch kind {
        case .elicitation: mode == .url ? "asks the user to open a page" : "asks the user"
        case .sampling: "asks for a message of a model"
        case .roots: "asks for the root directories"
        }
    }
}

extension PendingInput.Request {
    /// The question as users see it: what the target sent, and what an answer could be.
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

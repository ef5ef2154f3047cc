import JSON
import MCPClient

extension PendingCall {
    /// A question that waits for the user.
    struct OpenInputRequest: Sendable {
        /// What the answer is addressed to; distinct within the call.
        let key: String
        let question: ReceivedInputRequest
        /// How the user is to be asked: ``InputPolicy/Way/ask`` or ``InputPolicy/Way/forward``.
        let rule: InputPolicy.Rule
        /// Why answers that were ready for it could not be used.
        let remarks: [String]
        /// Which question of the call it is.
        let serial: Int
        let continuation: CheckedContinuation<Outcome, Never>
    }

    /// What becomes of a question.
    enum Outcome: Sendable {
        /// It is answered.
        case settled(Result<JSONObject, InputRefusal>)
        /// The call ended first; if it was not this call's question, it still wants an answer.
        case callEnded
    }

    /// What whoever waits gets.
    enum Step: Sendable {
        /// The target wants to know this.
        case asks([OpenInputRequest])
        /// The call came to its end.
        case ended(Report)
        /// It is over, and somebody else was told.
        case told
        /// Somebody else waits for the call.
        case busy
    }
}

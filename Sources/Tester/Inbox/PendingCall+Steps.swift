import JSON
import MCPClient

extension PendingCall {
    /// An input request that waits for the user.
    struct OpenInputRequest: Sendable {
        /// The key under which it is answered; distinct within the call.
        let key: String
        let question: ReceivedInputRequest
        /// How the user is asked: ``InputPolicy/Rule/ask`` or ``InputPolicy/Rule/forward``.
        let rule: InputPolicy.Rule
        /// Why prepared answers for it could not be used.
        let remarks: [String]
        /// Its number within the call, from 1.
        let serial: Int
        let continuation: CheckedContinuation<Outcome, Never>
    }

    /// How an input request is settled.
    enum Outcome: Sendable {
        case settled(Result<JSONObject, InputRefusal>)
        /// The call ended first. If the request was not this call's, it still needs an answer.
        case callEnded
    }

    /// What the caller gets.
    enum Step: Sendable {
        /// The target needs this input.
        case needsInput([OpenInputRequest])
        case ended(Report)
        /// The call has ended, and its report was returned to someone else.
        case reported
        /// Someone else waits for the call.
        case busy
    }
}

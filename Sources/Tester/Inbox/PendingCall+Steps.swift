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

    typealias Outcome = InputOutcome

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

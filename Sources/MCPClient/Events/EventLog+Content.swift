public import JSON
import JSONRPC
public import MCP
public import MCPTransport

extension EventLog {
    /// The kinds by which events are asked for.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// How far a request has come.
        case progress
        /// A log message.
        case log
        /// A list or a resource is another one now.
        case change
        /// A task stands otherwise now.
        case task
        /// A line on the server's standard error.
        case stderr
        /// What should not have come: noise, answers that nobody waits for, messages that break a rule.
        case stray
        /// A frame as it went over the wire.
        case frame
        /// The server asked something of us, or was answered.
        case question
        /// Anything else worth knowing.
        case note
    }

    /// What an event is, with what was received.
    public enum Content: Sendable {
        /// The parameters of `notifications/progress`.
        case progress(JSONText)
        /// The parameters of `notifications/message`.
        case log(JSONText)
        /// A notification that a list or a resource changed, with its parameters.
        case change(NotificationName, JSONText?)
        /// A notification about a task, with its parameters.
        case task(NotificationName, JSONText)
        /// Any other notification, with its parameters.
        case notification(String, JSONText?)
        /// A line of standard error, without the line feed.
        case standardError([UInt8])
        /// A frame and its direction.
        case frame(Transcript.Direction, [UInt8])
        /// The server asks something that a handler answers.
        case question(ReceivedInputRequest)
        /// What became of the question with that event number.
        case settled(question: Int, Settlement)
        /// Something that was noticed.
        case noticed(Observations.Kind)
        /// Something ordinary, in words.
        case note(String)
    }

    /// What becomes of a question.
    public enum Settlement: Sendable {
        /// This was answered.
        case answered(JSONObject)
        /// This error was answered, or nothing where the revision has no way for that.
        case refused(InputRefusal)
        /// The server, the caller or a limit called it off.
        case calledOff
    }
}

extension EventLog.Content {
    /// The kind that it belongs to.
    public var kind: EventLog.Kind {
        switch self {
        case .progress: .progress
        case .log: .log
        case .change: .change
        case .task: .task
        case .standardError: .stderr
        case .frame: .frame
        case .question, .settled: .question
        case .noticed(let kind): kind.eventKind
        case .notification, .note: .note
        }
    }

    /// What an observer of faults makes of it, if anything.
    var observation: Observations.Kind? {
        switch self {
        case .progress: .notification(NotificationName.progress.rawValue)
        case .log: .notification(NotificationName.message.rawValue)
        case .change(let name, _), .task(let name, _): .notification(name.rawValue)
        case .notification(let name, _): .notification(name)
        case .question(let question):
            if case .request = question.way { .serverRequest(question.kind.method.rawValue) } else { nil }
        case .noticed(let kind): kind
        case .standardError, .frame, .settled, .note: nil
        }
    }

    /// Roughly how many bytes it takes, its place in the log included.
    var cost: Int {
        let own =
            switch self {
            case .progress(let text), .log(let text), .task(_, let text): text.bytes.count
            case .change(_, let text), .notification(_, let text): text?.bytes.count ?? 0
            case .standardError(let bytes), .frame(_, let bytes): bytes.count
            case .question(let question): question.params.bytes.count + 128
            case .settled(_, .answered(let object)): 64 * object.count + 128
            case .settled, .noticed: 128
            case .note(let text): text.utf8.count
            }
        return own + 160
    }
}

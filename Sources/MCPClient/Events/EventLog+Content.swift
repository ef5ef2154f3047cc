public import JSON
import JSONRPC
public import MCP
public import MCPTransport

extension EventLog {
    /// The kinds of events.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Progress of a request.
        case progress
        /// A log message.
        case log
        /// A list or a resource changed.
        case change
        /// The status of a task changed.
        case task
        /// A line on the server's standard error.
        case stderr
        /// What should not have come: noise, responses to no waiting request, messages that break a rule.
        case stray
        /// A frame as it was sent or received.
        case frame
        /// The server requested input, or got a response.
        case inputRequest = "question"
        /// Anything else.
        case note
    }

    /// The content of an event, with what was received.
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
        /// The server requests input.
        case inputRequest(ReceivedInputRequest)
        /// The outcome of the input request with that event number.
        case inputOutcome(of: Int, InputOutcome)
        /// An observation.
        case noticed(Observations.Kind)
        /// Something ordinary, as a clause.
        case note(String)
    }

    /// The outcome of an input request.
    public enum InputOutcome: Sendable {
        /// It was answered with this result.
        case answered(JSONObject)
        /// It was refused: with an error, or not answered at all if the revision has no error for that.
        case refused(InputRefusal)
        /// The server, the caller or a limit cancelled it.
        case cancelled
    }
}

extension EventLog.Content {
    /// Its kind.
    public var kind: EventLog.Kind {
        switch self {
        case .progress: .progress
        case .log: .log
        case .change: .change
        case .task: .task
        case .standardError: .stderr
        case .frame: .frame
        case .inputRequest, .inputOutcome: .inputRequest
        case .noticed(let kind): kind.eventKind
        case .notification, .note: .note
        }
    }

    /// The observation that it is; nil if it is none.
    var observation: Observations.Kind? {
        switch self {
        case .progress: .notification(NotificationName.progress.rawValue)
        case .log: .notification(NotificationName.message.rawValue)
        case .change(let name, _), .task(let name, _): .notification(name.rawValue)
        case .notification(let name, _): .notification(name)
        case .inputRequest(let request):
            if case .request = request.origin { .serverRequest(request.kind.method.rawValue) } else { nil }
        case .noticed(let kind): kind
        case .standardError, .frame, .inputOutcome, .note: nil
        }
    }

    /// Roughly how many bytes it takes, including its place in the log.
    var cost: Int {
        let own =
            switch self {
            case .progress(let text), .log(let text), .task(_, let text): text.bytes.count
            case .change(_, let text), .notification(_, let text): text?.bytes.count ?? 0
            case .standardError(let bytes), .frame(_, let bytes): bytes.count
            case .inputRequest(let request): request.params.bytes.count + 128
            case .inputOutcome(_, .answered(let object)): 64 * object.count + 128
            case .inputOutcome, .noticed: 128
            case .note(let text): text.utf8.count
            }
        return own + 160
    }
}

public import JSON
public import JSONRPC

/// What was noticed about a server beside its answers: a view of the ``EventLog`` that looks for faults.
public struct Observations: Sendable {
    /// One thing that was noticed.
    public struct Observation: Sendable {
        /// The number of its event, from 1.
        public var number: Int
        /// What it is.
        public var kind: Kind
        /// The number of the frame in the transcript, if it is about one.
        public var frame: Int?
    }

    /// The kinds of things that are noticed.
    public enum Kind: Sendable {
        /// Bytes where only the protocol may stand.
        case noise(JSONError)
        /// A message that could be read although something is wrong with it.
        case oddity(Frame.Oddity)
        /// JSON that is no message.
        case invalidMessage(RequestID?, String)
        /// An answer that nobody waited for.
        case strayAnswer(RequestID?)
        /// An answer to a request that was given up.
        case lateAnswer(RequestID?)
        /// A request of the server.
        case serverRequest(String)
        /// A notification of the server.
        case notification(String)
        /// A rule that a message broke although it could be read, in words.
        case breach(String)
        /// Something of ours that could not be sent.
        case sendFailed(String)
        /// A rule of the transport that the server broke, with the request it belongs to and the facts.
        case transportFault(String, request: RequestID?, evidence: JSONObject)
        /// The server had forgotten our session, and a new one was opened.
        case sessionRenewed
        /// What the forgotten session had been asked for, and why the new one does not do it.
        case notRestated(String, String)
        /// The server found that head and body of a call disagree, so the tools were listed again.
        case toolsRelisted

        /// Tells whether this is a fault of the server rather than ordinary traffic.
        public var isFault: Bool {
            switch self {
            case .noise, .oddity, .invalidMessage, .strayAnswer, .breach, .transportFault, .sessionRenewed,
                .notRestated:
                true
            case .lateAnswer, .serverRequest, .notification, .sendFailed, .toolsRelisted: false
            }
        }

        var eventKind: EventLog.Kind {
            switch self {
            case .noise, .oddity, .invalidMessage, .strayAnswer, .lateAnswer, .breach, .transportFault: .stray
            case .serverRequest: .question
            case .notification, .sendFailed, .sessionRenewed, .notRestated, .toolsRelisted: .note
            }
        }
    }

    let events: EventLog

    /// How many events there were so far, which is the mark for ``since(_:)``.
    public var count: Int { events.count }

    /// What was noticed after a mark, as far as it is kept.
    public func since(_ mark: Int) -> [Observation] {
        guard events.count != mark else { return [] }
        return events.since(mark).entries.compactMap { entry in
            entry.content.observation.map { Observation(number: entry.number, kind: $0, frame: entry.frame) }
        }
    }
}

extension Observations.Kind: CustomStringConvertible {
    /// A sentence about it.
    public var description: String {
        switch self {
        case .noise(let error): "output that is no protocol message: \(error)"
        case .oddity(let oddity): oddity.description
        case .invalidMessage(let id, let reason):
            "a JSON value that is no message\(id.map { " (id \($0))" } ?? ""): \(reason)"
        case .strayAnswer(let id?): "an answer with the id \(id), which no waiting request has"
        case .strayAnswer(nil): "an error without an id, which could belong to none or several of the waiting requests"
        case .lateAnswer(let id): "the answer to request \(id.map(\.description) ?? "?") came after it was given up"
        case .serverRequest(let method): "the server sent the request \(method)"
        case .notification(let method): "the server sent \(method)"
        case .breach(let sentence): sentence
        case .sendFailed(let reason): reason
        case .transportFault(let fault, _, _): fault
        case .sessionRenewed:
            "the server had forgotten the session, as one does that was started anew or runs in several processes; a new "
                + "one was opened and the request repeated"
        case .notRestated(let method, let reason):
            "\(method), which the forgotten session had been asked, was not taken by the new one, so that nothing is told of it "
                + "any more: \(reason)"
        case .toolsRelisted:
            "the server refused a tool call because its headers and its body disagree; the tools were listed again"
        }
    }
}

extension Frame.Oddity {
    /// A sentence about it.
    public var description: String {
        switch self {
        case .version: "the member \"jsonrpc\" is missing or not \"2.0\""
        case .text(let error): "characters were replaced by U+FFFD: \(error)"
        case .duplicateMember(let name): "the member \"\(name)\" stands more than once"
        }
    }
}

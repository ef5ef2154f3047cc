public import JSON
public import JSONRPC

/// What the client noticed about a server beside its responses: a view of the ``EventLog`` that looks for faults.
public struct Observations: Sendable {
    /// One observation.
    public struct Observation: Sendable {
        /// The number of its event, from 1.
        public var number: Int
        /// The kind.
        public var kind: Kind
        /// The number of its frame in the transcript; nil if it is not about a frame.
        public var frame: Int?
    }

    /// The kinds of observations.
    public enum Kind: Sendable {
        /// Bytes that are not JSON where only the protocol is allowed.
        case noise(JSONError)
        /// A message with a fault that did not keep it from being read.
        case oddity(Frame.Oddity)
        /// JSON that is not a message.
        case invalidMessage(RequestID?, String)
        /// A response to no waiting request.
        case strayAnswer(RequestID?)
        /// A response to a request that was cancelled or timed out.
        case lateAnswer(RequestID?)
        /// A request of the server.
        case serverRequest(String)
        /// A notification of the server.
        case notification(String)
        /// A readable message that breaks a rule, as a clause.
        case breach(String)
        /// A message of the client that could not be sent, as a clause.
        case sendFailed(String)
        /// A rule of the transport that the server broke, with its request and the facts.
        case transportFault(String, request: RequestID?, evidence: JSONObject)
        /// The server did not know the session any more, and a new one was opened.
        case sessionRenewed
        /// A setting of the lost session that the new one refused, by method, with the reason.
        case notRestated(String, String)
        /// The tools were listed again, because the server found that the headers and the body of a call disagree.
        case toolsRelisted

        /// Whether this is a fault of the server rather than ordinary traffic.
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
            case .serverRequest: .inputRequest
            case .notification, .sendFailed, .sessionRenewed, .notRestated, .toolsRelisted: .note
            }
        }
    }

    let events: EventLog

    /// The number of events so far, which is the mark for ``since(_:)``.
    public var count: Int { events.count }

    /// The observations after a mark, as far as they are kept.
    public func since(_ mark: Int) -> [Observation] {
        guard events.count != mark else { return [] }
        return events.since(mark).entries.compactMap { entry in
            entry.content.observation.map { Observation(number: entry.number, kind: $0, frame: entry.frame) }
        }
    }
}

extension Observations.Kind: CustomStringConvertible {
    /// The observation as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .noise(let error): "output that is not a protocol message: \(error)"
        case .oddity(let oddity): oddity.description
        case .invalidMessage(let id, let reason):
            "JSON that is not a message\(id.map { " (id \($0))" } ?? ""): \(reason)"
        case .strayAnswer(let id?): "a response with the id \(id), which no waiting request has"
        case .strayAnswer(nil): "an error without an id, which fits none or several of the waiting requests"
        case .lateAnswer(let id):
            "the response to request \(id.map(\.description) ?? "?") came after the request was cancelled or timed out"
        case .serverRequest(let method): "the server sent the request \(method)"
        case .notification(let method): "the server sent \(method)"
        case .breach(let sentence): sentence
        case .sendFailed(let reason): reason
        case .transportFault(let fault, _, _): fault
        case .sessionRenewed:
            "the server lost the session, as happens if it restarts or runs in several processes; a new session was opened "
                + "and the request repeated"
        case .notRestated(let method, let reason):
            "the new session refused \(method), which was in effect in the lost one, and does not apply it any more: \(reason)"
        case .toolsRelisted:
            "the server found that the headers and the body of a tool call disagree, so the tools were listed again"
        }
    }
}

extension Frame.Oddity {
    /// The fault as a clause that starts in lower case.
    public var description: String {
        switch self {
        case .version: "the member \"jsonrpc\" is missing or not \"2.0\""
        case .text(let error): "invalid UTF-8 or half of a surrogate pair, replaced by U+FFFD: \(error)"
        case .duplicateMember(let name): "the member \"\(name)\" is repeated"
        }
    }
}

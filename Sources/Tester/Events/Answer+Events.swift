import JSON
import JSONRPC
import MCPClient

extension Answer {
    /// How many events an answer holds that did not ask for them.
    private static let eventLimit = 50
    /// How many bytes of them.
    private static let eventBytes = 8 << 10

    /// Adds what the target told while a question was open, the newest of it where there is much.
    ///
    /// - Parameter requests: The requests of the question; what belongs to others is left out.
    mutating func addEvents(since question: Question, of requests: [RequestID]) {
        let log = question.client.link.events
        guard log.count > question.mark else { return }
        let excerpt = log.since(question.mark)
        let told = excerpt.entries.filter { entry in
            // A change belongs to a subscription, if to anything, and whoever calls wants to know of it.
            entry.content.isTold && (entry.kind == .change || entry.exchange.map(requests.contains) ?? true)
        }
        guard !told.isEmpty else { return }
        var bytes = Self.eventBytes
        let shown = told.suffix(Self.eventLimit).reversed().prefix { entry in
            bytes -= entry.content.size
            return bytes >= 0
        }
        add("events", .list(shown.reversed().map { .object($0.members) }))
        let left = told.count - shown.count + excerpt.dropped
        if left > 0 {
            let since = (told.first?.number ?? question.mark + 1) - 1
            add(
                "events_left_out",
                ["count": JSONValue(left), "get_events": ["since": JSONValue(since)]]
            )
        }
    }

    /// Says that lists are others now than they were when the user saw them, and which resources have changed.
    ///
    /// The target is not asked for them: the user did not ask for that. The difference is told when they are listed.
    mutating func addChanges(of connection: Connection) {
        let lists = connection.inbox.takeChanges().map(\.key).sorted()
        let resources = connection.inbox.takeUpdates()
        guard !lists.isEmpty || !resources.isEmpty else { return }
        let count = "\(resources.count) resource\(resources.count == 1 ? "" : "s")"
        let names = "the list\(lists.count == 1 ? "" : "s") of \(lists.joined(separator: ", "))"
        let what = (lists.isEmpty ? [] : [names]) + (resources.isEmpty ? [] : [count])
        summary += "; changed meanwhile: \(what.joined(separator: "; "))"
        if !lists.isEmpty { add("lists_changed", .array(lists.map(JSONValue.string))) }
        if !resources.isEmpty { add("resources_updated", .array(resources.map(JSONValue.string))) }
    }

    /// Adds what is different in lists since they were listed before.
    mutating func addDifferences(of survey: Survey) {
        let differences = survey.differences
        guard !differences.isEmpty else { return }
        summary += "; different from the last listing (see difference)"
        add("difference", .object(differences))
    }
}

extension EventLog.Content {
    /// Whether it is something that the target told, rather than a fault of it or a step of ours.
    fileprivate var isTold: Bool {
        switch self {
        case .progress, .log, .change, .task, .notification, .standardError: true
        case .frame, .question, .settled, .noticed, .note: false
        }
    }

    /// Roughly how many bytes it takes in an answer.
    fileprivate var size: Int {
        switch self {
        case .progress(let params), .log(let params), .task(_, let params): params.bytes.count + 80
        case .change(_, let params), .notification(_, let params): (params?.bytes.count ?? 0) + 80
        case .standardError(let line): min(line.count, 1000) + 80
        case .frame, .question, .settled, .noticed, .note: 0
        }
    }
}

import JSON
import JSONRPC
import MCPClient

extension Report {
    /// How many events an answer holds that did not ask for them.
    private static let eventLimit = 50
    /// How many bytes of them.
    private static let eventBytes = 8 << 10

    /// Adds what the target told while a question was open, the newest of it where there is much.
    ///
    /// - Parameter requests: The requests of the question; what belongs to others is left out.
    mutating func addEvents(since operation: Operation, of requests: [RequestID]) {
        let log = operation.client.link.events
        guard log.count > operation.mark else { return }
        let excerpt = log.since(operation.mark)
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
            let since = (told.first?.number ?? operation.mark + 1) - 1
            add(
                "events_left_out",
                ["count": JSONValue(left), "get_events": ["since": JSONValue(since)]]
            )
        }
    }

    /// Adds what is different in lists since they were listed before.
    mutating func addDifferences(of survey: Survey) {
        let differences = survey.differences
        guard !differences.isEmpty else { return }
        summary += "; different from the last listing (see difference)"
        members.append(.differences(differences))
    }
}

extension Report.Member {
    /// What is different in lists, by their names; it may be long.
    static func differences(_ lists: JSONObject) -> Report.Member {
        Report.Member(key: "difference", value: .payload(JSONText(.object(lists))))
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

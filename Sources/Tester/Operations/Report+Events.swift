import JSON
import JSONRPC
import MCPClient

extension Report {
    /// How many events a report shows unrequested.
    private static let eventLimit = 50
    /// How many bytes of events a report shows unrequested.
    private static let eventBytes = 8 << 10

    /// Adds the events during an operation, the newest if there are many.
    ///
    /// - Parameter requests: The requests of the operation; events of others are omitted.
    mutating func addEvents(since operation: Operation, of requests: [RequestID]) {
        let log = operation.client.link.events
        guard log.count > operation.mark else { return }
        let excerpt = log.since(operation.mark)
        // The evidence of a failure has the standard error already.
        let hasStandardError = failure?.evidence["server"]?["stderr_tail"]?.array?.isEmpty == false
        let sent = excerpt.entries.filter { entry in
            if hasStandardError, entry.kind == .stderr { return false }
            // A change belongs to a subscription, if to anything, but matters to any caller.
            return entry.content.isSent && (entry.kind == .change || entry.exchange.map(requests.contains) ?? true)
        }
        guard !sent.isEmpty else { return }
        var bytes = Self.eventBytes
        let shown = sent.suffix(Self.eventLimit).reversed().prefix { entry in
            bytes -= entry.content.size
            return bytes >= 0
        }
        add("events", .list(shown.reversed().map { .object($0.members) }))
        let left = sent.count - shown.count + excerpt.dropped
        if left > 0 {
            let since = (sent.first?.number ?? operation.mark + 1) - 1
            add(
                "events_left_out",
                ["count": JSONValue(left), "get_events": ["since": JSONValue(since)]]
            )
        }
    }

    /// Adds the differences of lists from those before.
    mutating func addDifferences(of survey: Survey) {
        let differences = survey.differences
        guard !differences.isEmpty else { return }
        summary += "; changed since the last listing (see difference)"
        members.append(.differences(differences))
    }
}

extension Report.Member {
    /// The differences of lists, which may be long.
    static func differences(_ lists: JSONObject) -> Report.Member {
        Report.Member(key: "difference", value: .payload(JSONText(.object(lists))))
    }
}

extension EventLog.Content {
    /// Whether the target sent it on purpose, rather than that it is a fault or a step of ours.
    fileprivate var isSent: Bool {
        switch self {
        case .progress, .log, .change, .task, .notification, .standardError: true
        case .frame, .inputRequest, .inputOutcome, .noticed, .note: false
        }
    }

    /// Roughly the bytes that it takes in a report.
    fileprivate var size: Int {
        switch self {
        case .progress(let params), .log(let params), .task(_, let params): params.bytes.count + 80
        case .change(_, let params), .notification(_, let params): (params?.bytes.count ?? 0) + 80
        case .standardError(let line): min(line.count, 1000) + 80
        case .frame, .inputRequest, .inputOutcome, .noticed, .note: 0
        }
    }
}

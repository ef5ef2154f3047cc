import JSON
public import JSONRPC
public import MCPClient
import MCPTransport

extension TesterSession {
    /// A selection of events.
    public struct EventQuery: Sendable {
        /// The number of the last event that is not wanted; 0 for all that are kept.
        public var since: Int
        /// The kinds (default: all but frames).
        public var kinds: Set<EventLog.Kind>?
        /// The id of the request that the events belong to.
        public var request: RequestID?
        /// The maximum number of events, oldest first.
        public var limit: Int
        /// How many bytes of JSON the events may take together; the oldest is shown in any case (default: any number).
        public var bytes: Int?
        /// The minimum log level to set first (default: it is left as it is).
        public var logLevel: String?

        /// Creates a query.
        public init(since: Int = 0, kinds: Set<EventLog.Kind>? = nil, request: RequestID? = nil, limit: Int = 100) {
            self.since = since
            self.kinds = kinds
            self.request = request
            self.limit = limit
        }
    }

    /// Shows what a target sent besides its responses, and what was noticed: a part of one ordered, numbered stream.
    ///
    /// Nothing is sent, so this also works after the server has ended.
    public func events(_ query: EventQuery = EventQuery(), on name: String? = nil) async -> Report {
        guard let level = query.logLevel else { return await shownEvents(query, on: name) }
        let change = await setLogLevel(level, on: name)
        guard change.failure == nil else { return change }
        var report = await shownEvents(query, on: name)
        report.summary = "log level \(level); \(report.summary)"
        report.insert("log_level", .value(.string(level)))
        return report
    }

    private func shownEvents(_ query: EventQuery, on name: String?) async -> Report {
        await perform(on: name, needsServer: false, emptyPayload: ("events", [])) { operation in
            let log = operation.client.link.events
            let kinds = query.kinds ?? Set(EventLog.Kind.allCases).subtracting([.frame])
            let excerpt = log.since(
                query.since,
                kinds: kinds,
                exchanges: query.request.map { [$0] },
                limit: query.limit
            )
            let frames = operation.client.link.transcript.entries
            let numbered = Dictionary(uniqueKeysWithValues: frames.map { ($0.number, $0) })
            var room = query.bytes ?? .max
            // Whole events, so that `last_number` continues after what was shown.
            var parts = excerpt.entries.map { Report.Part.object($0.members(in: numbered)) }.fitting(&room)
            let entries = excerpt.entries.prefix(parts.count)
            if kinds.contains(.frame) {
                // Frames are kept in the transcript, with numbers of their own.
                let newest = frames.suffix(query.limit).reversed().map {
                    Report.Part.value(.object(Evidence.json(of: $0)))
                }
                parts += newest.fitting(&room).reversed()
            }
            var report = operation.report("\(entries.count) event\(entries.count == 1 ? "" : "s")")
            report.add("events", .list(parts))
            report.add("last_number", JSONValue(entries.last?.number ?? query.since))
            let left = excerpt.omitted + excerpt.entries.count - entries.count
            if left > 0 { report.add("more", JSONValue(left)) }
            if excerpt.dropped > 0 { report.add("dropped", JSONValue(excerpt.dropped)) }
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }
}

extension [Report.Part] {
    /// As many from the beginning as fit, but at least one.
    fileprivate func fitting(_ room: inout Int) -> [Report.Part] {
        var count = 0
        for part in self {
            let size = part.size + 1
            guard count == 0 || size <= room else { break }
            (room, count) = (Swift.max(room - size, 0), count + 1)
        }
        return Array(prefix(count))
    }
}

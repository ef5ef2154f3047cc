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
            let count = excerpt.entries.count
            var report = operation.report("\(count) event\(count == 1 ? "" : "s")")
            let frames = operation.client.link.transcript.entries
            let numbered = Dictionary(uniqueKeysWithValues: frames.map { ($0.number, $0) })
            var parts = excerpt.entries.map { Report.Part.object($0.members(in: numbered)) }
            if kinds.contains(.frame) {
                // Frames are kept in the transcript, with numbers of their own.
                parts += frames.suffix(query.limit).map { .value(.object(Evidence.json(of: $0))) }
            }
            report.add("events", .list(parts))
            report.add("last_number", JSONValue(excerpt.entries.last?.number ?? query.since))
            if excerpt.omitted > 0 { report.add("more", JSONValue(excerpt.omitted)) }
            if excerpt.dropped > 0 { report.add("dropped", JSONValue(excerpt.dropped)) }
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }
}

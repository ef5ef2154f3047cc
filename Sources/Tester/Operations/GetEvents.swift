import JSON
public import JSONRPC
public import MCPClient
import MCPTransport

extension TesterSession {
    /// Which events are wanted.
    public struct EventQuery: Sendable {
        /// The number of the last event that is known already; 0 for all that are kept.
        public var since: Int
        /// The kinds that are wanted; all but frames without it.
        public var kinds: Set<EventLog.Kind>?
        /// The id of the request whose events are wanted.
        public var request: RequestID?
        /// How many are wanted at most; the oldest come first.
        public var limit: Int

        /// Creates a query.
        public init(since: Int = 0, kinds: Set<EventLog.Kind>? = nil, request: RequestID? = nil, limit: Int = 100) {
            self.since = since
            self.kinds = kinds
            self.request = request
            self.limit = limit
        }
    }

    /// Shows what a target told beside its answers, and what was noticed: a part of one ordered, numbered stream.
    ///
    /// Nothing is asked of the target.
    public func events(_ query: EventQuery = EventQuery(), on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("events", [])) { operation in
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
                // The transcript has them anyway; numbers of frames count by themselves.
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

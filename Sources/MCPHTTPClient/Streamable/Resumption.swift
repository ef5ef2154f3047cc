import MCPHTTP
import MCPTransport

/// Decides when a broken stream is resumed, and when to give up.
struct Resumption: Sendable {
    /// The ID to resume from; empty if the server reset it, nil if it sent none.
    private(set) var lastEventID: String?
    /// The number of events on all connections.
    private(set) var eventCount = 0
    private var retry: Int?
    private var attempts = 0
    private var refusals = 0
    private let limit: Int

    /// - Parameter limit: How many attempts may follow each other without an event in between.
    init(limit: Int) {
        self.limit = limit
    }

    /// An event has arrived, so the count of attempts starts again.
    mutating func saw(_ event: EventStreamEvent) {
        eventCount += 1
        (attempts, refusals) = (0, 0)
        if let id = event.lastEventID { lastEventID = id }
    }

    /// The connection has ended.
    mutating func saw(_ end: StreamEnd) {
        if let id = end.lastEventID { lastEventID = id }
        if let retry = end.retry { self.retry = retry }
    }

    /// An attempt to resume has failed.
    ///
    /// - Returns: Whether another attempt makes sense. A restarting server needs a moment, but two refused connections in a
    ///   row mean that it does not run, and the request should fail.
    mutating func failed(_ failure: TransportFailure) -> Bool {
        refusals = failure.kind == .refused ? refusals + 1 : 0
        return refusals < 2
    }

    /// Whether the server has sent an ID to resume from.
    var canResume: Bool { lastEventID.map { !$0.isEmpty } ?? false }

    /// The delay before the next attempt; nil if there have been enough.
    ///
    /// A delay that the server asked for is obeyed (2025-11-25, "Resumability and redelivery"); otherwise delays double.
    mutating func next() -> Duration? {
        guard attempts < limit else { return nil }
        attempts += 1
        return .milliseconds(retry ?? 1000 << min(attempts - 1, 5))
    }
}

import MCPHTTP
import MCPTransport

/// When a stream that broke is taken up again, and when that is given up.
struct Resumption: Sendable {
    /// The id to come back with.
    private(set) var lastEventID: String?
    /// How many events came, over all connections.
    private(set) var eventCount = 0
    private var retry: Int?
    private var fruitless = 0
    private var refusals = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Something came: the count of attempts begins anew.
    mutating func saw(_ event: EventStreamEvent) {
        eventCount += 1
        (fruitless, refusals) = (0, 0)
        if let id = event.lastEventID { lastEventID = id }
    }

    /// The connection ended.
    mutating func saw(_ ending: StreamEnding) {
        if let id = ending.lastEventID { lastEventID = id }
        if let retry = ending.retry { self.retry = retry }
    }

    /// An attempt to come back failed.
    ///
    /// - Returns: Whether another one makes sense. A server that is started anew needs a moment, but where nobody listens
    ///   twice in a row, it is gone, and whoever waits for the answer should know.
    mutating func failed(_ failure: TransportFailure) -> Bool {
        refusals = failure.kind == .refused ? refusals + 1 : 0
        return refusals < 2
    }

    /// Tells whether the server gave what is needed to lose nothing.
    var canLoseNothing: Bool { lastEventID.map { !$0.isEmpty } ?? false }

    /// After which time to come back; nothing if that was tried in vain often enough.
    ///
    /// A server that says when is taken at its word (2025-11-25, "Resumability and redelivery"); else waits grow.
    mutating func next() -> Duration? {
        guard fruitless < limit else { return nil }
        fruitless += 1
        return .milliseconds(retry ?? 1000 << min(fruitless - 1, 5))
    }
}

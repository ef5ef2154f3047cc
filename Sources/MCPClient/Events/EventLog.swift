public import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// What a server told beside its answers, and what was noticed about it: one ordered, numbered stream of a connection.
///
/// Within a bound the newest events are kept; how many were let go of is counted. What was received is kept as the
/// text that it was.
public final class EventLog: Sendable {
    /// How much is kept.
    public struct Bounds: Sendable, Hashable {
        /// How many events.
        public var entries: Int
        /// How many bytes, counted roughly.
        public var bytes: Int
        /// Tells whether every frame is an event, too; the ``Transcript`` has them anyway.
        public var includesFrames: Bool

        /// Creates bounds.
        public init(entries: Int = 25_000, bytes: Int = 8 << 20, includesFrames: Bool = false) {
            self.entries = entries
            self.bytes = bytes
            self.includesFrames = includesFrames
        }
    }

    /// One event in its place.
    public struct Entry: Sendable {
        /// Its number, from 1.
        public var number: Int
        /// The time since the connection began.
        public var time: Duration
        /// The request of ours that it belongs to, where that is known.
        public var exchange: RequestID?
        /// The number of the frame in the transcript that brought it.
        public var frame: Int?
        /// What it is.
        public var content: Content

        /// What kind of event it is.
        public var kind: Kind { content.kind }
    }

    /// A part of the stream.
    public struct Excerpt: Sendable {
        /// The events, oldest first.
        public var entries: [Entry] = []
        /// How many events after the number asked for were let go of, of whatever kind.
        public var dropped = 0
        /// How many more there would be but for the limit.
        public var omitted = 0
    }

    private struct State {
        var kept: [Entry] = []
        var first = 0
        var bytes = 0
        var count = 0
    }

    private let bounds: Bounds
    private let onEvent: (@Sendable (Entry) -> Void)?
    private let state = Mutex(State())

    /// Creates an empty log.
    init(bounds: Bounds = Bounds(), onEvent: (@Sendable (Entry) -> Void)? = nil) {
        self.bounds = bounds
        self.onEvent = onEvent
    }

    /// Tells whether frames are wanted as events.
    var includesFrames: Bool { bounds.includesFrames }

    /// Adds an event and gives it its number.
    @discardableResult
    func add(_ content: Content, at time: Duration, exchange: RequestID? = nil, frame: Int? = nil) -> Int {
        let entry = state.withLock { state in
            state.count += 1
            let entry = Entry(number: state.count, time: time, exchange: exchange, frame: frame, content: content)
            state.kept.append(entry)
            state.bytes += content.cost
            while state.bytes > bounds.bytes && state.kept.count - state.first > 1
                || state.kept.count - state.first > bounds.entries
            {
                state.bytes -= state.kept[state.first].content.cost
                // What it held is given back now, its place later.
                state.kept[state.first].content = .note("")
                state.first += 1
            }
            // Removing at the front moves the rest: done once for many.
            if state.first > max(64, state.kept.count / 2) {
                state.kept.removeFirst(state.first)
                state.first = 0
            }
            return entry
        }
        onEvent?(entry)
        return entry.number
    }

    /// The number of the newest event, which is how many there were.
    public var count: Int {
        state.withLock { $0.count }
    }

    /// How many events were let go of to keep the bounds.
    public var dropped: Int {
        state.withLock { $0.count - ($0.kept.count - $0.first) }
    }

    /// The events after a number, oldest first.
    ///
    /// - Parameters:
    ///   - number: The number of the last event that is known already; 0 for all.
    ///   - kinds: The kinds that are wanted; all without it.
    ///   - exchanges: The requests whose events are wanted; all without it, also those that belong to none.
    ///   - limit: How many are wanted at most.
    public func since(
        _ number: Int,
        kinds: Set<Kind>? = nil,
        exchanges: Set<RequestID>? = nil,
        limit: Int = .max
    ) -> Excerpt {
        let (slice, dropped) = state.withLock { state in
            let firstNumber = state.count - (state.kept.count - state.first) + 1
            let from = state.first + max(0, number + 1 - firstNumber)
            let slice = from < state.kept.count ? Array(state.kept[from...]) : []
            return (slice, max(0, min(firstNumber, state.count + 1) - number - 1))
        }
        var excerpt = Excerpt(dropped: dropped)
        for entry in slice {
            if let kinds, !kinds.contains(entry.kind) { continue }
            if let exchanges, !(entry.exchange.map(exchanges.contains) ?? false) { continue }
            if excerpt.entries.count < limit {
                excerpt.entries.append(entry)
            } else {
                excerpt.omitted += 1
            }
        }
        return excerpt
    }
}

public import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// What a server sent beside its responses, and what the client noticed about it: one numbered stream per connection.
///
/// Within a bound the newest events are kept, with what was received as text; the dropped ones are counted.
public final class EventLog: Sendable {
    /// How much is kept.
    public struct Bounds: Sendable, Hashable {
        /// How many events.
        public var entries: Int
        /// How many bytes, roughly.
        public var bytes: Int
        /// Whether every frame is an event, too.
        ///
        /// The ``Transcript`` keeps frames in any case.
        public var includesFrames: Bool

        /// Creates bounds.
        public init(entries: Int = 25_000, bytes: Int = 8 << 20, includesFrames: Bool = false) {
            self.entries = entries
            self.bytes = bytes
            self.includesFrames = includesFrames
        }
    }

    /// One event.
    public struct Entry: Sendable {
        /// Its number, from 1.
        public var number: Int
        /// The time since the connection began.
        public var time: Duration
        /// The client's request that it belongs to, if that is known.
        public var exchange: RequestID?
        /// The number of the frame in the transcript that brought it; nil if none did.
        public var frame: Int?
        /// The content.
        public var content: Content

        /// The kind of event.
        public var kind: Kind { content.kind }
    }

    /// A part of the stream.
    public struct Excerpt: Sendable {
        /// The events, oldest first.
        public var entries: [Entry] = []
        /// How many events of all kinds after the requested number were dropped.
        public var dropped = 0
        /// How many events the limit omitted.
        public var omitted = 0
    }

    private struct State {
        var kept: [Entry] = []
        var first = 0
        var bytes = 0
        var count = 0
        /// Who reads the events as they come; nil after the end.
        var readers: [Int: AsyncStream<Void>.Continuation]? = [:]
        var lastReader = 0
    }

    private let bounds: Bounds
    private let onEvent: (@Sendable (Entry) -> Void)?
    private let state = Mutex(State())

    /// Creates an empty log.
    init(bounds: Bounds = Bounds(), onEvent: (@Sendable (Entry) -> Void)? = nil) {
        self.bounds = bounds
        self.onEvent = onEvent
    }

    /// Whether frames are events.
    var includesFrames: Bool { bounds.includesFrames }

    /// Adds an event.
    ///
    /// - Returns: The number of the event.
    @discardableResult
    func add(_ content: Content, at time: Duration, exchange: RequestID? = nil, frame: Int? = nil) -> Int {
        let (entry, readers) = state.withLock { state in
            state.count += 1
            let entry = Entry(number: state.count, time: time, exchange: exchange, frame: frame, content: content)
            state.kept.append(entry)
            state.bytes += content.cost
            while state.bytes > bounds.bytes && state.kept.count - state.first > 1
                || state.kept.count - state.first > bounds.entries
            {
                state.bytes -= state.kept[state.first].content.cost
                // Its content is released now, its place in the array later.
                state.kept[state.first].content = .note("")
                state.first += 1
            }
            // Removing at the front moves the rest, so it is done once for many.
            if state.first > max(64, state.kept.count / 2) {
                state.kept.removeFirst(state.first)
                state.first = 0
            }
            return (entry, state.readers)
        }
        if let readers, !readers.isEmpty { for reader in readers.values { reader.yield() } }
        onEvent?(entry)
        return entry.number
    }

    /// Yields a signal for each event that comes, or for several at once; ends with the log.
    func signals() -> AsyncStream<Void> {
        let (stream, reader) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard state.readers != nil else { return nil }
            state.lastReader += 1
            state.readers?[state.lastReader] = reader
            return state.lastReader
        }
        guard let number else {
            reader.finish()
            return stream
        }
        reader.onTermination = { [weak self] _ in self?.removeReader(number) }
        return stream
    }

    private func removeReader(_ number: Int) {
        _ = state.withLock { $0.readers?.removeValue(forKey: number) }
    }

    /// Ends all sequences of events.
    func finish() {
        let readers = state.withLock { state in
            defer { state.readers = nil }
            return state.readers
        }
        for reader in (readers ?? [:]).values { reader.finish() }
    }

    /// The number of the newest event, which is the number of events so far.
    public var count: Int {
        state.withLock { $0.count }
    }

    /// How many events were dropped to keep the bounds.
    public var dropped: Int {
        state.withLock { $0.count - ($0.kept.count - $0.first) }
    }

    /// The events after a number, oldest first.
    ///
    /// - Parameters:
    ///   - number: The number of the last event that the caller knows; 0 for all.
    ///   - kinds: The kinds to return (default: all).
    ///   - exchanges: The requests whose events to return (default: all events, also those of no request).
    ///   - limit: The maximum number of events to return.
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

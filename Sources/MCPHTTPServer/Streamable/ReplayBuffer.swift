import MCPHTTP
import NIOCore

/// The last events of a session's streams, within a bound, for a client that lost one of them.
///
/// The id of an event says which stream it is of and which event there; only that stream is taken up again with it.
/// Source: 2025-11-25, "Streamable HTTP", "Resumability and Redelivery".
struct ReplayBuffer {
    /// What there is after an event.
    enum Rest {
        case events([[UInt8]], isFinished: Bool)
        /// No such event is known, or events after it are kept no more.
        case lost
    }

    private struct Entry {
        let stream: Int
        let number: Int
        let bytes: [UInt8]

        /// What keeping it costs, beside its bytes too.
        var size: Int { bytes.count + 64 }
    }

    private struct Stream {
        var last = 0
        /// The last event that is kept no more.
        var evicted = 0
        var isFinished = false
    }

    private let limit: Int
    private var entries = CircularBuffer<Entry>()
    private var size = 0
    private var streams: [Int: Stream] = [:]
    private var lastStream = 0

    init(limit: Int) {
        self.limit = limit
        streams[Self.own] = Stream()
    }

    /// The stream that belongs to no request.
    static let own = 0

    /// Makes room for a stream of events.
    mutating func openStream() -> Int {
        lastStream += 1
        streams[lastStream] = Stream()
        return lastStream
    }

    /// Keeps an event and gives its bytes, with the id.
    mutating func append(_ data: [UInt8], to stream: Int, retry: Int? = nil, isLast: Bool = false) -> [UInt8] {
        var state = streams[stream] ?? Stream()
        state.last += 1
        state.isFinished = isLast
        streams[stream] = state
        let bytes = EventStreamWriter.event(data: data, id: "\(stream).\(state.last)", retry: retry)
        let entry = Entry(stream: stream, number: state.last, bytes: bytes)
        entries.append(entry)
        size += entry.size
        while size > limit { evict() }
        return bytes
    }

    /// Finishes a stream without a last event.
    mutating func finish(_ stream: Int) {
        streams[stream]?.isFinished = true
    }

    private mutating func evict() {
        let entry = entries.removeFirst()
        size -= entry.size
        streams[entry.stream]?.evicted = entry.number
        if let stream = streams[entry.stream], stream.isFinished, stream.evicted == stream.last {
            streams[entry.stream] = nil
        }
    }

    /// The number of a stream's last event.
    func last(of stream: Int) -> Int {
        streams[stream]?.last ?? 0
    }

    /// Reads the id of an event.
    static func position(_ id: String) -> (stream: Int, number: Int)? {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let stream = Int(parts[0]), let number = Int(parts[1]) else { return nil }
        return (stream, number)
    }

    /// What followed an event of a stream.
    func rest(of stream: Int, after number: Int) -> Rest {
        guard let state = streams[stream], number >= state.evicted, number <= state.last else { return .lost }
        let events = entries.filter { $0.stream == stream && $0.number > number }.map(\.bytes)
        return .events(events, isFinished: state.isFinished)
    }
}

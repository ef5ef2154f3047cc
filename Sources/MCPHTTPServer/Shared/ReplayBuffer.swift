import MCPHTTP
import NIOCore

/// The latest events of a session's streams, within a limit, for a client that lost a stream.
///
/// The ID of an event names its stream and its number there; it resumes that stream only.
/// Source: 2025-11-25, "Streamable HTTP", "Resumability and Redelivery".
final class ReplayBuffer {
    /// What followed an event.
    enum Continuation {
        case events([[UInt8]], isFinished: Bool)
        /// The event is unknown, or an event after it was dropped.
        case lost
    }

    private struct Entry {
        let stream: Int
        let number: Int
        let serial: Int
        let bytes: [UInt8]

        var size: Int { ReplayBuffer.size(bytes) }
    }

    private struct Stream {
        var last = 0
        /// The number of the last event that was dropped.
        var lastDropped = 0
        var isFinished = false

        var isForgettable: Bool { isFinished && lastDropped == last }
    }

    private let limit: Int
    private let budget: BufferBudget
    private var entries = CircularBuffer<Entry>()
    private var size = 0
    private var streams: [Int: Stream] = [:]
    private var lastStream = 0

    init(limit: Int, budget: BufferBudget) {
        self.limit = limit
        self.budget = budget
        streams[Self.sessionStream] = Stream()
    }

    /// The stream that belongs to the session rather than to a request.
    static let sessionStream = 0

    /// How many streams can be resumed or are still open.
    var streamCount: Int { streams.count }

    /// The serial number of the oldest event that is kept.
    var oldestSerial: Int? { entries.first?.serial }

    func openStream() -> Int {
        lastStream += 1
        streams[lastStream] = Stream()
        return lastStream
    }

    /// Keeps an event.
    ///
    /// - Returns: The bytes of the event, with its ID.
    func append(_ data: [UInt8], to stream: Int, retry: Int? = nil, isLast: Bool = false) -> [UInt8] {
        var state = streams[stream] ?? Stream()
        state.last += 1
        state.isFinished = isLast
        streams[stream] = state
        let bytes = EventStreamWriter.event(data: data, id: "\(stream).\(state.last)", retry: retry)
        let serial = budget.keepEvent(Self.size(bytes), in: self)
        let entry = Entry(stream: stream, number: state.last, serial: serial, bytes: bytes)
        entries.append(entry)
        size += entry.size
        while size > limit { dropOldest() }
        budget.trim()
        return bytes
    }

    /// Finishes a stream without a last event.
    func finish(_ stream: Int) {
        streams[stream]?.isFinished = true
        forgetIfPossible(stream)
    }

    func dropOldest() {
        guard let entry = entries.popFirst() else { return }
        size -= entry.size
        budget.eventDropped(entry.size)
        streams[entry.stream]?.lastDropped = entry.number
        forgetIfPossible(entry.stream)
    }

    /// Drops everything; the session is closed.
    func removeAll() {
        while !entries.isEmpty { dropOldest() }
        streams = [:]
    }

    private func forgetIfPossible(_ stream: Int) {
        guard stream != Self.sessionStream, streams[stream]?.isForgettable ?? false else { return }
        streams[stream] = nil
    }

    /// The number of a stream's last event.
    func last(of stream: Int) -> Int {
        streams[stream]?.last ?? 0
    }

    /// Reads the ID of an event.
    static func position(_ id: String) -> (stream: Int, number: Int)? {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let stream = Int(parts[0]), let number = Int(parts[1]) else { return nil }
        return (stream, number)
    }

    func continuation(of stream: Int, after number: Int) -> Continuation {
        guard let state = streams[stream], number >= state.lastDropped, number <= state.last else { return .lost }
        let events = entries.filter { $0.stream == stream && $0.number > number }.map(\.bytes)
        return .events(events, isFinished: state.isFinished)
    }

    /// What it costs to keep an event, with the bookkeeping around it.
    private static func size(_ bytes: [UInt8]) -> Int { bytes.count + 96 }
}

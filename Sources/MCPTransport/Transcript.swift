import Synchronization

/// The frames of a connection with direction, time and order, within a bound.
///
/// New frames displace old ones; ``count`` counts them all. Of a large frame only the beginning is kept.
public final class Transcript: Sendable {
    /// The direction of a frame.
    public enum Direction: String, Sendable {
        /// From the client to the server.
        case sent
        /// From the server to the client.
        case received
    }

    /// One frame.
    public struct Entry: Sendable {
        /// Its number, from 1, counting both directions.
        public var number: Int
        /// Its direction.
        public var direction: Direction
        /// The time since the connection began.
        public var time: Duration
        /// Its bytes, or their beginning.
        public var bytes: [UInt8]
        /// How many bytes it had.
        public var byteCount: Int
        /// Whether the bytes are not JSON.
        public var isNoise: Bool
        /// What is wrong with it.
        public var remarks: [String]
    }

    private struct State {
        var entries: [Entry] = []
        var first = 0
        var bytes = 0
        var count = 0
        var noise: [Entry] = []
        var noiseCount = 0
    }

    private let began: ContinuousClock.Instant
    private let byteLimit: Int
    private let entryLimit: Int
    private let state = Mutex(State())

    /// Creates a transcript that keeps at most `byteLimit` bytes in `entryLimit` frames, and of one frame a quarter of
    /// the bytes.
    public init(began: ContinuousClock.Instant, byteLimit: Int = 4 << 20, entryLimit: Int = 5000) {
        self.began = began
        self.byteLimit = byteLimit
        self.entryLimit = entryLimit
    }

    /// Adds a frame.
    ///
    /// - Returns: The number of the frame.
    @discardableResult
    public func record(
        _ direction: Direction,
        _ bytes: [UInt8],
        at now: ContinuousClock.Instant,
        isNoise: Bool = false,
        remarks: [String] = []
    ) -> Int {
        let kept = bytes.count <= byteLimit / 4 ? bytes : Array(bytes[..<(byteLimit / 4)])
        return state.withLock { state in
            state.count += 1
            let entry = Entry(
                number: state.count,
                direction: direction,
                time: began.duration(to: now),
                bytes: kept,
                byteCount: bytes.count,
                isNoise: isNoise,
                remarks: remarks
            )
            state.entries.append(entry)
            state.bytes += kept.count
            while state.bytes > byteLimit || state.entries.count - state.first > entryLimit {
                state.bytes -= state.entries[state.first].bytes.count
                state.entries[state.first].bytes = []
                state.first += 1
            }
            // Removing at the front moves the rest, so it is done once for many.
            if state.first > entryLimit {
                state.entries.removeFirst(state.first)
                state.first = 0
            }
            if isNoise {
                state.noiseCount += 1
                if state.noise.count < 50 { state.noise.append(entry) }
            }
            return state.count
        }
    }

    /// The frames that are still kept, oldest first.
    public var entries: [Entry] {
        state.withLock { Array($0.entries[$0.first...]) }
    }

    /// How many frames there were, kept or not.
    public var count: Int {
        state.withLock { $0.count }
    }

    /// The first 50 frames that are not JSON, and how many there were.
    public var noise: (first: [Entry], count: Int) {
        state.withLock { ($0.noise, $0.noiseCount) }
    }
}

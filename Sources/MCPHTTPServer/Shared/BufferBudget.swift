import NIOCore

/// The memory that all buffers of a server may use together: request bodies, unsent responses and events kept for replay.
///
/// Replay events are worth the least: the oldest of all sessions are dropped as soon as anything else needs their place.
final class BufferBudget {
    private struct ReplayEvent {
        let buffer: ReplayBuffer
        let serial: Int

        /// A buffer drops its oldest events first.
        var isKept: Bool { buffer.oldestSerial.map { $0 <= serial } ?? false }
    }

    /// Less than this is not worth giving back.
    static let leastReturned = 16 << 20

    private let limit: Int
    private let onShrink: () -> Void
    private(set) var used = 0
    /// The most that was used since ``onShrink`` was called last.
    private var peak = 0
    /// How much of ``used`` are replay events.
    private var replayBytes = 0
    /// Replay events, oldest first, and among them some that were dropped already.
    private var replayEvents = CircularBuffer<ReplayEvent>()
    private var keptEvents = 0
    private var lastSerial = 0

    /// Creates a budget.
    ///
    /// - Parameter onShrink: Called when most of much memory is no longer used, so that it can be given back to the system.
    init(_ limit: Int, onShrink: @escaping () -> Void = {}) {
        self.limit = limit
        self.onShrink = onShrink
    }

    /// Whether the buffers use all there is, although no replay event is left.
    var isExhausted: Bool { used - replayBytes >= limit }

    /// Counts bytes that are about to be buffered, unless they do not fit.
    func reserve(_ bytes: Int) -> Bool {
        guard used - replayBytes + bytes <= limit else { return false }
        add(bytes)
        return true
    }

    /// Counts bytes that are buffered whether they fit or not.
    func add(_ bytes: Int) {
        used += bytes
        trim()
        peak = max(peak, used)
    }

    func release(_ bytes: Int) {
        used -= bytes
        assert(used >= replayBytes)
        checkShrinking()
    }

    private func checkShrinking() {
        guard peak >= Self.leastReturned, used < peak / 4 else { return }
        peak = used
        onShrink()
    }

    // MARK: - Replay events

    /// Counts an event that a replay buffer is about to keep, and gives it a serial number.
    func keepEvent(_ bytes: Int, in buffer: ReplayBuffer) -> Int {
        lastSerial += 1
        keptEvents += 1
        replayBytes += bytes
        used += bytes
        peak = max(peak, used)
        if replayEvents.count > 2 * keptEvents + 64 { replayEvents.removeAll { !$0.isKept } }
        replayEvents.append(ReplayEvent(buffer: buffer, serial: lastSerial))
        return lastSerial
    }

    /// Drops old events until the rest fits.
    func trim() {
        while used > limit, dropOldestEvent() {}
    }

    /// Counts an event no longer; its buffer has dropped it.
    func eventDropped(_ bytes: Int) {
        keptEvents -= 1
        replayBytes -= bytes
        used -= bytes
        checkShrinking()
    }

    private func dropOldestEvent() -> Bool {
        while let event = replayEvents.popFirst() {
            guard event.isKept else { continue }
            event.buffer.dropOldest()
            return true
        }
        return false
    }
}

package import AsyncRuntime
import Platform
import Synchronization

/// Writes to a descriptor once a tick, without ever blocking the loop.
package final class OutputWriter: Sendable {
    private enum Phase {
        case open
        /// The descriptor is closed once the queue is written.
        case closing
        case closed
        /// A write failed or the reader closed its end; the descriptor is still open.
        case broken
    }

    private struct State {
        var phase = Phase.open
        var queue = OutputQueue()
        /// How many bytes were added, and how many of them were dropped because a write failed.
        var addedCount = 0
        var droppedCount = 0
        var isFlushScheduled = false
        /// Set while the reader has to make room.
        var roomWatch: PollLoop.WatchKey?
        var hangUpWatch: PollLoop.WatchKey?
        /// What to call when the queue is empty: with true, or false if it could not be written.
        var onFlushed: [@Sendable (Bool) -> Void] = []
    }

    private let sink: Sink
    private let loop: PollLoop
    private let onBroken: @Sendable (Int32) -> Void
    private let state: LoopBound<State>
    private let firstFailure = Latch<Int32>()

    /// Creates a writer.
    ///
    /// - Parameter onBroken: called on the loop once, with the `errno` value, when output can no longer be written: EPIPE
    ///   if the reader went away. What waits is thrown away then, as is everything written later.
    package init(sink: Sink, loop: PollLoop, onBroken: @escaping @Sendable (Int32) -> Void = { _ in }) {
        self.sink = sink
        self.loop = loop
        self.onBroken = onBroken
        state = LoopBound(State(), on: loop)
    }

    /// The number of bytes that the system has not yet taken.
    ///
    /// Call this on the loop.
    package var backlog: Int { state.value.queue.count }

    /// Whether the reader has not read any of what was written so far.
    ///
    /// Call this on the loop. False where the system does not tell, and if nothing was written.
    package var isUnread: Bool {
        let taken = state.value.addedCount - state.value.droppedCount - state.value.queue.count
        guard state.value.addedCount > 0 else { return false }
        if taken == 0 { return true }
        if case .closed = state.value.phase { return false }
        return Self.unreadCount(in: sink.descriptor).map { $0 >= taken } ?? false
    }

    private static func unreadCount(in pipe: Int32) -> Int? {
        #if os(Linux)
        var count: Int32 = 0
        return ioctl(pipe, UInt(FIONREAD), &count) == 0 ? Int(count) : nil
        #else
        // Other systems count only at the reading end.
        return nil
        #endif
    }

    /// The `errno` value of the write that failed, if one did.
    package var failure: Int32? { firstFailure.value }

    // MARK: Writing

    /// Adds bytes to what is written at the end of this tick; has no effect once closed or broken.
    ///
    /// From any thread.
    package func write(_ bytes: [UInt8]) {
        if loop.isCurrent { add(bytes) } else { loop.add { self.add(bytes) } }
    }

    /// Adds bytes and a line feed; nothing written by other threads comes between them.
    package func writeLine(_ bytes: [UInt8]) {
        if loop.isCurrent { add(bytes, asLine: true) } else { loop.add { self.add(bytes, asLine: true) } }
    }

    private func add(_ bytes: [UInt8], asLine: Bool = false) {
        guard case .open = state.value.phase else { return }
        state.value.queue.append(bytes)
        state.value.addedCount += bytes.count + (asLine ? 1 : 0)
        if asLine { state.value.queue.appendLineFeed() }
        scheduleFlush()
    }

    /// Closes the descriptor when all that was written before has gone out, or could not.
    ///
    /// From any thread.
    package func close() {
        loop.addOrRun { [self] in
            switch state.value.phase {
            case .open:
                state.value.phase = .closing
                scheduleFlush()
            case .broken: closeDescriptor()
            case .closing, .closed: break
            }
        }
    }

    /// Closes the descriptor now, because its reader has exited.
    ///
    /// Call this on the loop.
    package func abandon() {
        if state.value.queue.count > 0 { firstFailure.open(EPIPE) }
        state.value.queue.removeAll()
        closeDescriptor()
        finishFlush()
    }

    /// Calls a closure on the loop as soon as nothing waits: with true, or with false if output could not be written.
    ///
    /// Call this on the loop.
    package func onFlushed(_ action: @escaping @Sendable (Bool) -> Void) {
        if state.value.queue.count == 0 { return action(failure == nil) }
        state.value.onFlushed.append(action)
    }

    /// Waits until nothing waits any more: true, or false if that took too long or the reader went away.
    package func flushed(within limit: Duration) async -> Bool {
        let result = Latch<Bool>()
        let deadline = loop.schedule(at: loop.now + limit) { result.open(false) }
        defer { deadline.cancel() }
        loop.addOrRun { self.onFlushed { result.open($0) } }
        return await result.wait()
    }

    /// Notices that the reader closed its end even while nothing is written, as far as poll(2) reports it.
    ///
    /// From any thread.
    package func watchForHangUp() {
        loop.addOrRun { [self] in
            guard case .open = state.value.phase, state.value.hangUpWatch == nil else { return }
            state.value.hangUpWatch = loop.watch(sink.descriptor, for: 0) { self.fail(EPIPE) }
        }
    }

    /// Ends what ``watchForHangUp()`` began.
    ///
    /// Call this on the loop.
    package func endHangUpWatch() {
        if let watch = state.value.hangUpWatch.take() { loop.unwatch(watch) }
    }

    // MARK: Flushing

    private func scheduleFlush() {
        guard !state.value.isFlushScheduled, state.value.roomWatch == nil else { return }
        state.value.isFlushScheduled = true
        loop.atEndOfTick { self.flush() }
    }

    private func flush() {
        state.value.isFlushScheduled = false
        switch state.value.phase {
        case .open, .closing: break
        case .closed, .broken: return
        }
        switch state.value.queue.flush(into: sink) {
        case .empty: finishFlush()
        case .waiting: waitForRoom()
        case .failed(let code): fail(code)
        }
    }

    private func waitForRoom() {
        guard state.value.roomWatch == nil else { return }
        state.value.roomWatch = loop.watch(sink.descriptor, for: POLLOUT) { self.flush() }
    }

    private func fail(_ code: Int32) {
        guard firstFailure.open(code) else { return }
        state.value.droppedCount += state.value.queue.count
        state.value.queue.removeAll()
        let mustClose = if case .closing = state.value.phase { true } else { false }
        state.value.phase = .broken
        unwatch()
        if mustClose { closeDescriptor() }
        finishFlush()
        onBroken(code)
    }

    /// The queue is empty.
    private func finishFlush() {
        if let watch = state.value.roomWatch.take() { loop.unwatch(watch) }
        if case .closing = state.value.phase { closeDescriptor() }
        guard !state.value.onFlushed.isEmpty else { return }
        let actions = state.value.onFlushed
        state.value.onFlushed = []
        for action in actions { action(failure == nil) }
    }

    private func closeDescriptor() {
        if case .closed = state.value.phase { return }
        state.value.phase = .closed
        unwatch()
        Platform.close(sink.descriptor)
    }

    private func unwatch() {
        if let watch = state.value.roomWatch.take() { loop.unwatch(watch) }
        endHangUpWatch()
    }
}

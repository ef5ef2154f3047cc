package import AsyncRuntime
import Platform
import Synchronization

/// Writes to a descriptor from any thread: once a tick, without ever blocking the loop.
package final class OutputWriter: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<Bool, Never>
        let deadline: ScheduledAction
    }

    private struct State {
        var queue = OutputQueue()
        var isFlushScheduled = false
        /// Set while the reader of the other end is waited for.
        var watch: PollLoop.WatchKey?
        var isClosing = false
        var isClosed = false
        var failure: Int32?
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0

        var takesBytes: Bool { !isClosing && failure == nil }

        /// Notes that a flush is to come, unless one is coming anyway; true where the caller must schedule it.
        mutating func needsFlush() -> Bool {
            guard !isFlushScheduled, watch == nil else { return false }
            isFlushScheduled = true
            return true
        }
    }

    private let sink: Sink
    private let loop: PollLoop
    private let onBroken: @Sendable (Int32) -> Void
    private let state = Mutex(State())

    /// Creates a writer.
    ///
    /// - Parameter onBroken: called once, by whoever flushes, with the `errno` value of the write that failed: EPIPE where the
    ///   reader went away. What waited is thrown away, as is everything written later.
    package init(sink: Sink, loop: PollLoop, onBroken: @escaping @Sendable (Int32) -> Void = { _ in }) {
        self.sink = sink
        self.loop = loop
        self.onBroken = onBroken
    }

    /// The number of bytes that wait to be taken by the system.
    package var backlog: Int {
        state.withLock { $0.queue.count }
    }

    /// The `errno` value of the write that failed, if one did.
    package var failure: Int32? {
        state.withLock { $0.failure }
    }

    /// Adds bytes to what goes out at the end of this tick; without effect once closed or broken.
    package func write(_ bytes: [UInt8]) {
        add { $0.append(bytes) }
    }

    /// Adds bytes and a line feed, which nothing written by other threads comes between.
    package func writeLine(_ bytes: [UInt8]) {
        add { queue in
            queue.append(bytes)
            queue.append([0x0A])
        }
    }

    private func add(_ append: (inout OutputQueue) -> Void) {
        let mustSchedule = state.withLock { state in
            guard state.takesBytes else { return false }
            append(&state.queue)
            return state.needsFlush()
        }
        if mustSchedule {
            loop.atEndOfTick { self.flush() }
        }
    }

    /// Closes the descriptor when all that was written before has gone out, or could not.
    package func close() {
        let mustSchedule = state.withLock { state in
            guard !state.isClosing else { return false }
            state.isClosing = true
            return state.needsFlush()
        }
        if mustSchedule {
            loop.atEndOfTick { self.flush() }
        }
    }

    /// Closes the descriptor now, for a reader that is gone; what waits could not be written.
    ///
    /// Must be called on the loop.
    package func abandon() {
        finish { state in
            if state.queue.count > 0 {
                state.failure = EPIPE
            }
            state.queue.removeAll()
            state.isClosing = true
        }
    }

    /// Waits until nothing waits any more: true, or false where that took too long or the reader went away.
    package func flushed(within limit: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.failure != nil { return false }
                if state.queue.count == 0 { return true }
                state.lastWaiter += 1
                let id = state.lastWaiter
                let deadline = loop.schedule(at: loop.now + limit) {
                    self.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
                }
                state.waiters[id] = Waiter(continuation: continuation, deadline: deadline)
                return nil
            }
            if let answer {
                continuation.resume(returning: answer)
            }
        }
    }

    private func flush() {
        let outcome = state.withLock { state in
            state.isFlushScheduled = false
            return state.isClosed ? .empty : state.queue.flush(into: sink)
        }
        switch outcome {
        case .empty:
            finish { _ in }
        case .waiting:
            state.withLock { state in
                guard state.watch == nil else { return }
                state.watch = loop.watch(sink.descriptor, for: POLLOUT) { self.flush() }
            }
        case .failed(let code):
            finish { state in
                state.queue.removeAll()
                state.failure = code
            }
            onBroken(code)
        }
    }

    /// Ends the waiting for the reader, closes where that was asked for and tells those who wait for the flush.
    private func finish(_ change: (inout State) -> Void) {
        let (watch, mustClose, waiters, isFlushed) = state.withLock { state in
            change(&state)
            let mustClose = state.isClosing && !state.isClosed
            state.isClosed = state.isClosed || mustClose
            defer { state.waiters = [:] }
            return (state.watch.take(), mustClose, Array(state.waiters.values), state.failure == nil)
        }
        if let watch {
            loop.unwatch(watch)
        }
        if mustClose {
            closeDescriptor(sink.descriptor)
        }
        for waiter in waiters {
            waiter.deadline.cancel()
            waiter.continuation.resume(returning: isFlushed)
        }
    }
}

private func closeDescriptor(_ descriptor: Int32) {
    close(descriptor)
}

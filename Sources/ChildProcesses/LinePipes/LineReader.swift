package import AsyncRuntime
import Platform
import Synchronization

/// Reads lines from a descriptor on the loop, one read(2) a tick, so that a flood from one cannot starve the others.
///
/// Works with everything poll(2) takes: pipes, sockets, terminals, regular files, `/dev/null`. The descriptor is left
/// in blocking mode, since its open file may be shared: one read of what poll(2) promised does not block.
package final class LineReader: Sendable {
    private struct State {
        var buffer: LineBuffer
        var watch: PollLoop.WatchKey?
        var hasEnded = false
    }

    private let descriptor: Int32
    private let loop: PollLoop
    private let onLine: @Sendable (Line) -> Void
    private let onEnd: @Sendable () -> Void
    private let state: Mutex<State>

    /// Creates a reader that is idle until ``start()``.
    ///
    /// - Parameters:
    ///   - onLine: called on the loop with each line, in order.
    ///   - onEnd: called on the loop once, after the last line; the descriptor can be closed then.
    package init(
        descriptor: Int32,
        loop: PollLoop,
        buffer: LineBuffer,
        onLine: @escaping @Sendable (Line) -> Void,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.onLine = onLine
        self.onEnd = onEnd
        state = Mutex(State(buffer: buffer))
    }

    /// The beginning of a line whose end has not come yet.
    package var partialLine: [UInt8] {
        state.withLock { $0.buffer.partial }
    }

    package func start() {
        state.withLock { state in
            state.watch = loop.watch(descriptor, for: POLLIN) { self.readOnce() }
        }
    }

    /// Reads what is there now, at most `limit` bytes, and ends the stream there.
    ///
    /// Must be called on the loop.
    package func drainAndEnd(limit: Int) {
        var total = 0
        while total < limit, isReady(descriptor, for: POLLIN), let count = readOnce() {
            total += count
        }
        end()
    }

    /// Reads once and delivers the lines that came whole; returns the number of bytes, or nil at the end.
    @discardableResult
    private func readOnce() -> Int? {
        let outcome = state.withLock { $0.hasEnded ? .end : $0.buffer.fill(from: descriptor) }
        switch outcome {
        case .bytes(let count):
            let instant = loop.now
            while let line = state.withLock({ $0.buffer.next(at: instant) }) {
                onLine(line)
            }
            return count
        case .nothingYet:
            return 0
        case .end, .failed:
            // A terminal that went away fails with EIO: for the reader that is its end, too.
            end()
            return nil
        }
    }

    private func end() {
        let isFirst = state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        guard isFirst else { return }
        if let watch = state.withLock({ $0.watch.take() }) {
            loop.unwatch(watch)
        }
        if let line = state.withLock({ $0.buffer.finish(at: loop.now) }) {
            onLine(line)
        }
        onEnd()
    }
}

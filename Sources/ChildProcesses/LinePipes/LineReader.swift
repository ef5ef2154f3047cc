package import AsyncRuntime
import Platform

/// Reads lines from a descriptor on the loop, one read(2) a tick, so that a flood from one cannot starve the others.
///
/// Works with everything that poll(2) takes: pipes, sockets, terminals, regular files, `/dev/null`. The descriptor stays
/// in blocking mode because its open file may be shared: one read of what poll(2) promised does not block.
package final class LineReader: Sendable {
    private enum Phase {
        case paused
        case reading(PollLoop.WatchKey)
        case ended
    }

    private struct State {
        var buffer: LineBuffer
        var phase = Phase.paused
        var hasReportedPartialLine = false
    }

    private let descriptor: Int32
    private let loop: PollLoop
    private let onLine: @Sendable (Line) -> Void
    private let onPartialLine: (@Sendable ([UInt8]) -> Void)?
    private let onEnd: @Sendable () -> Void
    private let state: LoopBound<State>

    /// Creates a reader that is idle until ``start()``.
    ///
    /// - Parameters:
    ///   - onLine: called on the loop with each line, in order.
    ///   - onPartialLine: called on the loop after a read with the beginning of a line whose end has not come yet, and
    ///     with nothing when there is none any more.
    ///   - onEnd: called on the loop once, after the last line; the descriptor can be closed then.
    package init(
        descriptor: Int32,
        loop: PollLoop,
        buffer: LineBuffer,
        onLine: @escaping @Sendable (Line) -> Void,
        onPartialLine: (@Sendable ([UInt8]) -> Void)? = nil,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.onLine = onLine
        self.onPartialLine = onPartialLine
        self.onEnd = onEnd
        state = LoopBound(State(buffer: buffer), on: loop)
    }

    /// Begins to read; from any thread.
    package func start() {
        loop.addOrRun { self.resume() }
    }

    /// Reads no more until ``resume()``.
    ///
    /// Lines of the current read are still reported. Call this on the loop.
    package func pause() {
        guard case .reading(let watch) = state.value.phase else { return }
        loop.unwatch(watch)
        state.value.phase = .paused
    }

    /// Reads again.
    ///
    /// Call this on the loop.
    package func resume() {
        guard case .paused = state.value.phase else { return }
        state.value.phase = .reading(loop.watch(descriptor, for: POLLIN) { self.readOnce() })
    }

    /// Reads what is there now, at most `limit` bytes, and ends the stream there.
    ///
    /// Call this on the loop.
    package func drainAndEnd(limit: Int) {
        var total = 0
        while total < limit, isReady(descriptor, for: POLLIN), let count = readOnce() {
            total += count
        }
        end()
    }

    /// Reads once and reports the lines that are complete; returns the number of bytes, or nil at the end.
    @discardableResult
    private func readOnce() -> Int? {
        if case .ended = state.value.phase { return nil }
        switch state.value.buffer.fill(from: descriptor) {
        case .bytes(let count):
            let instant = loop.now
            while let line = state.value.buffer.next(at: instant) {
                onLine(line)
            }
            reportPartialLine()
            return count
        case .nothingYet:
            return 0
        case .end, .failed:
            // A terminal that went away fails with EIO, which is its end.
            end()
            return nil
        }
    }

    private func reportPartialLine() {
        guard let onPartialLine else { return }
        let bytes = state.value.buffer.partial
        guard !bytes.isEmpty || state.value.hasReportedPartialLine else { return }
        state.value.hasReportedPartialLine = !bytes.isEmpty
        onPartialLine(bytes)
    }

    private func end() {
        if case .ended = state.value.phase { return }
        pause()
        state.value.phase = .ended
        if let line = state.value.buffer.finish(at: loop.now) {
            onLine(line)
            reportPartialLine()
        }
        onEnd()
    }
}

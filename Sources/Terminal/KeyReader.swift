package import AsyncRuntime
import Platform

/// Reads keys from a terminal on the loop.
package final class KeyReader: Sendable {
    private struct State {
        var decoder = KeyDecoder()
        var watch: PollLoop.WatchKey?
        var flush: ScheduledAction?
    }

    private let descriptor: Int32
    private let loop: PollLoop
    private let onKeys: @Sendable ([Key]) -> Void
    private let onEnd: @Sendable () -> Void
    private let state: LoopBound<State>

    /// How long an escape byte waits for the rest of a sequence before it counts as the key.
    private static let escapeTimeout = Duration.milliseconds(50)

    /// Creates a reader that is idle until ``start()``.
    ///
    /// - Parameters:
    ///   - onKeys: Called on the loop with keys, in order.
    ///   - onEnd: Called on the loop once, when the terminal has gone away.
    package init(
        _ descriptor: Int32,
        on loop: PollLoop = .shared,
        onKeys: @escaping @Sendable ([Key]) -> Void,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.onKeys = onKeys
        self.onEnd = onEnd
        state = LoopBound(State(), on: loop)
    }

    /// Begins to read; from any thread.
    package func start() {
        loop.addOrRun { [self] in
            guard state.value.watch == nil else { return }
            state.value.watch = loop.watch(descriptor, for: POLLIN) { self.readOnce() }
        }
    }

    /// Reads no more; from any thread.
    package func stop() {
        loop.addOrRun { [self] in
            if let watch = state.value.watch { loop.unwatch(watch) }
            state.value.watch = nil
            state.value.flush?.cancel()
        }
    }

    private func readOnce() {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            stop()
            onEnd()
            return
        }
        state.value.flush?.cancel()
        deliver(state.value.decoder.decode(bytes[..<count]))
        guard state.value.decoder.waitsAfterEscape else { return }
        state.value.flush = loop.schedule(at: loop.now.advanced(by: Self.escapeTimeout)) { [weak self] in
            guard let self else { return }
            deliver(state.value.decoder.flush())
        }
    }

    private func deliver(_ keys: [Key]) {
        if !keys.isEmpty { onKeys(keys) }
    }
}

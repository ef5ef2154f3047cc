import Synchronization

extension Scheduler {
    /// Waits for a time, or until the task is cancelled.
    package func wait(for duration: Duration) async {
        let waiter = Waiter()
        let action = schedule(at: now.advanced(by: duration)) { waiter.wake() }
        await withTaskCancellationHandler {
            await waiter.wait()
        } onCancel: {
            action.cancel()
            waiter.wake()
        }
    }
}

/// Something that is awaited once and woken once, in either order.
private final class Waiter: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, Never>)
        case woken
    }

    private let state = Mutex(State.idle)

    func wait() async {
        await withCheckedContinuation { continuation in
            let isWoken = state.withLock { state in
                if case .woken = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isWoken { continuation.resume() }
        }
    }

    func wake() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .woken }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume()
    }
}

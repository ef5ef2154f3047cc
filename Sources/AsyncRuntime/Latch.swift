import Synchronization

/// A value that is set once, and that any number of tasks can wait for.
package final class Latch<Value: Sendable>: Sendable {
    private enum Waiter {
        case untilOpen(CheckedContinuation<Value, Never>)
        case untilOpenOrCancelled(CheckedContinuation<Value?, Never>, id: Int)

        func resume(returning value: Value) {
            switch self {
            case .untilOpen(let continuation): continuation.resume(returning: value)
            case .untilOpenOrCancelled(let continuation, _): continuation.resume(returning: value)
            }
        }
    }

    private struct State {
        var value: Value?
        var waiters: [Waiter] = []
        var lastID = 0

        mutating func makeID() -> Int {
            lastID += 1
            return lastID
        }

        mutating func removeWaiter(_ id: Int) -> CheckedContinuation<Value?, Never>? {
            for (index, waiter) in waiters.enumerated() {
                if case .untilOpenOrCancelled(let continuation, id) = waiter {
                    waiters.remove(at: index)
                    return continuation
                }
            }
            return nil
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// The value, or nil while the latch is closed.
    package var value: Value? {
        state.withLock { $0.value }
    }

    /// Sets the value and resumes every waiting task, in the order in which they began to wait.
    ///
    /// - Returns: true for the first call. Later calls change nothing.
    @discardableResult
    package func open(_ value: Value) -> Bool {
        let waiters = state.withLock { state -> [Waiter]? in
            guard state.value == nil else { return nil }
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        guard let waiters else { return false }
        for waiter in waiters { waiter.resume(returning: value) }
        return true
    }

    /// Waits for the value, even if the calling task is cancelled.
    package func wait() async -> Value {
        if let value { return value }
        return await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiters.append(.untilOpen(continuation)) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }

    /// Waits for the value, or until the calling task is cancelled.
    ///
    /// - Returns: nil if the task was cancelled before the latch was opened.
    package func waitUnlessCancelled() async -> Value? {
        if let value { return value }
        let id = state.withLock { $0.makeID() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isWaiting, value) = state.withLock { state -> (Bool, Value?) in
                    // A cancellation that came earlier found no waiter to remove.
                    guard state.value == nil, !Task.isCancelled else { return (false, state.value) }
                    state.waiters.append(.untilOpenOrCancelled(continuation, id: id))
                    return (true, nil)
                }
                if !isWaiting { continuation.resume(returning: value) }
            }
        } onCancel: {
            state.withLock { $0.removeWaiter(id) }?.resume(returning: nil)
        }
    }
}

extension Latch where Value == Void {
    /// Opens a latch that carries no value.
    @discardableResult
    package func open() -> Bool { open(()) }
}

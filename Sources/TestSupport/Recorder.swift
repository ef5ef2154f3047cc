import Synchronization

/// Records events from any thread and lets a test wait for them instead of sleeping.
package final class Recorder<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiters: [(isSatisfied: @Sendable ([Value]) -> Bool, continuation: CheckedContinuation<[Value], Never>)] =
            []
    }

    private let state = Mutex(State())

    package init() {}

    package var values: [Value] {
        state.withLock { $0.values }
    }

    package func append(_ value: Value) {
        let ready = state.withLock { state in
            state.values.append(value)
            let values = state.values
            let ready = state.waiters.filter { $0.isSatisfied(values) }.map(\.continuation)
            state.waiters.removeAll { $0.isSatisfied(values) }
            return ready.map { ($0, values) }
        }
        for (continuation, values) in ready {
            continuation.resume(returning: values)
        }
    }

    /// Waits until the recorded events satisfy the condition.
    package func wait(until condition: @escaping @Sendable ([Value]) -> Bool) async -> [Value] {
        await withCheckedContinuation { continuation in
            let values = state.withLock { state -> [Value]? in
                guard !condition(state.values) else { return state.values }
                state.waiters.append((condition, continuation))
                return nil
            }
            if let values {
                continuation.resume(returning: values)
            }
        }
    }

    package func wait(count: Int) async -> [Value] {
        await wait { $0.count >= count }
    }
}

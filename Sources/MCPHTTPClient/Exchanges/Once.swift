import AsyncRuntime
import JSONRPC
import Synchronization

/// Something that is done once, by whoever comes first, however many may come.
final class Once<Value: Sendable>: Sendable {
    private enum State {
        case waiting(ScheduledAction?)
        case done
    }

    private let state = Mutex(State.waiting(nil))
    private let action: @Sendable (Value) -> Void

    init(_ action: @escaping @Sendable (Value) -> Void) {
        self.action = action
    }

    /// Does it, unless it was done.
    ///
    /// - Returns: Whether this call did it.
    @discardableResult
    func run(_ value: Value) -> Bool {
        let deadline = state.withLock { state -> ScheduledAction?? in
            guard case .waiting(let deadline) = state else { return nil }
            state = .done
            return .some(deadline)
        }
        guard let deadline else { return false }
        deadline?.cancel()
        action(value)
        return true
    }

    /// The deadline for it, which is called off as soon as it was done.
    func calls(off deadline: ScheduledAction) {
        let isDone = state.withLock { state in
            if case .done = state { return true }
            state = .waiting(deadline)
            return false
        }
        if isDone { deadline.cancel() }
    }
}

import Synchronization

/// Takes down what closures see, in order.
final class Notebook<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    /// Adds a value.
    func add(_ value: Value) {
        values.withLock { $0.append(value) }
    }

    /// All values so far.
    var all: [Value] { values.withLock(\.self) }
}

/// State that belongs to a loop: only code that runs on the loop may touch it, so it needs no lock.
///
/// Debug builds check each access.
package final class LoopBound<Value>: @unchecked Sendable {
    private let loop: PollLoop
    // Only the loop gets here, so checks for overlapping accesses by other threads would find nothing.
    @exclusivity(unchecked)
    private var storage: Value

    /// Creates the state; this alone may happen on any thread.
    package init(_ value: sending Value, on loop: PollLoop) {
        self.loop = loop
        storage = value
    }

    package var value: Value {
        _read {
            loop.preconditionOnLoop()
            yield storage
        }
        _modify {
            loop.preconditionOnLoop()
            yield &storage
        }
    }
}

import TextUtilities

/// Actions ordered by the instant they are due; those due at the same instant keep the order they came in.
///
/// A binary heap whose cancelled entries are forgotten lazily and swept out when they outnumber the living: calls that
/// end in time cancel their deadline, so a deadline of 30 seconds must not stay for 30 seconds.
struct DeadlineHeap {
    typealias Action = @Sendable () -> Void

    private struct Entry {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.id) < (right.deadline, right.id)
        }
    }

    private var entries: [Entry] = []
    private var actions: [UInt64: Action] = [:]
    private var lastID: UInt64 = 0

    /// The number of actions that still wait.
    var count: Int { actions.count }

    /// The number of places taken, cancelled entries included.
    var footprint: Int { entries.count }

    /// The nearest deadline that was not cancelled.
    var nearest: ContinuousClock.Instant? {
        mutating get {
            removeCancelledTop()
            return entries.first?.deadline
        }
    }

    mutating func add(at deadline: ContinuousClock.Instant, _ action: @escaping Action) -> UInt64 {
        lastID += 1
        actions[lastID] = action
        entries.append(Entry(deadline: deadline, id: lastID))
        siftUp(from: entries.count - 1)
        return lastID
    }

    /// Calls an action off and returns it, unless it was taken or cancelled before.
    @discardableResult
    mutating func cancel(_ id: UInt64) -> Action? {
        let action = actions.removeValue(forKey: id)
        if entries.count > 2 * actions.count + 64 {
            entries.removeAll { actions[$0.id] == nil }
            // A sorted array is a heap.
            entries.sort(by: <)
        }
        return action
    }

    /// Takes out the first action whose deadline is not after `now`.
    mutating func takeDue(at now: ContinuousClock.Instant) -> Action? {
        guard let nearest, nearest <= now else { return nil }
        return actions.removeValue(forKey: removeTop().id)
    }

    private mutating func removeCancelledTop() {
        while let top = entries.first, actions[top.id] == nil {
            _ = removeTop()
        }
    }

    private mutating func removeTop() -> Entry {
        entries.swapAt(0, entries.count - 1)
        let top = entries.removeLast()
        siftDown()
        return top
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child] < entries[parent] else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child] < entries[least]
            {
                least = child
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}

/// Actions ordered by the instant at which they are due; those due at the same instant keep the order they came in.
///
/// A binary heap. Calls that end in time cancel their deadline, so a deadline of 30 seconds must not stay for 30
/// seconds: cancelled entries are removed when they outnumber the others.
///
/// Instants are durations since an origin of the owner's choice, because comparing those is much cheaper.
struct DeadlineHeap {
    typealias Action = @Sendable () -> Void

    /// Names one action; never used twice.
    struct Key: Sendable {
        fileprivate let slot: Int
        fileprivate let serial: UInt64
    }

    private struct Entry {
        let deadline: Duration
        let key: Key

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.key.serial) < (right.deadline, right.key.serial)
        }
    }

    private struct Slot {
        var serial: UInt64
        var action: Action?
    }

    private var entries: [Entry] = []
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var lastSerial: UInt64 = 0

    /// The number of actions that wait.
    var count: Int { slots.count - freeSlots.count }

    /// The number of places taken, cancelled entries included.
    var footprint: Int { entries.count }

    /// The nearest deadline that was not cancelled.
    var nearest: Duration? {
        mutating get {
            while let top = entries.first, isCancelled(top) { _ = removeTop() }
            return entries.first?.deadline
        }
    }

    mutating func add(at deadline: Duration, _ action: @escaping Action) -> Key {
        lastSerial += 1
        let slot = Slot(serial: lastSerial, action: action)
        let key: Key
        if let free = freeSlots.popLast() {
            slots[free] = slot
            key = Key(slot: free, serial: lastSerial)
        } else {
            slots.append(slot)
            key = Key(slot: slots.count - 1, serial: lastSerial)
        }
        entries.append(Entry(deadline: deadline, key: key))
        siftUp(from: entries.count - 1)
        return key
    }

    /// Cancels an action and returns it, unless it was taken or cancelled before.
    @discardableResult
    mutating func cancel(_ key: Key) -> Action? {
        let action = takeAction(of: key)
        // The usual case: the deadline that was added last is the first to be cancelled.
        while let last = entries.last, isCancelled(last) { entries.removeLast() }
        if entries.count > 2 * count + 64 {
            entries.removeAll { [slots] in slots[$0.key.slot].serial != $0.key.serial }
            // A sorted array is a heap.
            entries.sort(by: <)
        }
        return action
    }

    /// Takes out the first action whose deadline is not after `now`.
    mutating func takeDue(at now: Duration) -> Action? {
        guard let nearest, nearest <= now else { return nil }
        return takeAction(of: removeTop().key)
    }

    private func isCancelled(_ entry: Entry) -> Bool {
        slots[entry.key.slot].serial != entry.key.serial
    }

    private mutating func takeAction(of key: Key) -> Action? {
        guard slots[key.slot].serial == key.serial else { return nil }
        defer {
            slots[key.slot] = Slot(serial: 0, action: nil)
            freeSlots.append(key.slot)
        }
        return slots[key.slot].action
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
            for child in 2 * parent + 1...2 * parent + 2 where child < entries.count && entries[child] < entries[least]
            {
                least = child
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}

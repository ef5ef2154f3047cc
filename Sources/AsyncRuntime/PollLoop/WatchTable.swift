import Platform

/// The descriptors that a loop watches.
///
/// They go by keys that are never used twice, unlike descriptor numbers: a closed descriptor's number may be another
/// file's before the tick is over.
package struct WatchTable {
    /// Names one watch.
    package struct Key: Sendable, Equatable {
        fileprivate let slot: Int
        fileprivate let serial: Int
    }

    fileprivate struct Watch {
        let serial: Int
        let request: pollfd
        let action: @Sendable () -> Void
    }

    fileprivate var slots: [Watch?] = []
    private var lastSerial = 0
    private var outputCount = 0
    /// Whether a ``PollSet`` that was made earlier is out of date.
    fileprivate(set) var hasChanged = true

    /// Whether an output waits for its reader.
    var hasWaitingOutput: Bool { outputCount > 0 }

    mutating func add(_ descriptor: Int32, events: Int16, _ action: @escaping @Sendable () -> Void) -> Key {
        lastSerial += 1
        let request = pollfd(fd: descriptor, events: events, revents: 0)
        let watch = Watch(serial: lastSerial, request: request, action: action)
        hasChanged = true
        if watch.isOutput { outputCount += 1 }
        guard let slot = slots.firstIndex(where: { $0 == nil }) else {
            slots.append(watch)
            return Key(slot: slots.count - 1, serial: lastSerial)
        }
        slots[slot] = watch
        return Key(slot: slot, serial: lastSerial)
    }

    mutating func remove(_ key: Key) {
        guard let watch = slots[key.slot], watch.serial == key.serial else { return }
        slots[key.slot] = nil
        hasChanged = true
        if watch.isOutput { outputCount -= 1 }
    }

    func action(of key: Key) -> (@Sendable () -> Void)? {
        guard let watch = slots[key.slot], watch.serial == key.serial else { return nil }
        return watch.action
    }
}

extension WatchTable.Watch {
    fileprivate var isOutput: Bool { request.events & Int16(POLLOUT) != 0 }
}

/// What poll(2) is called with: a flat copy of the watches that is updated only when they have changed.
///
/// It belongs to the loop's thread, because the table may change while that thread waits in poll(2).
struct PollSet {
    private var requests: [pollfd] = []
    private var keys: [WatchTable.Key] = []
    private var ready: [WatchTable.Key] = []

    mutating func update(from table: inout WatchTable) {
        guard table.hasChanged else { return }
        table.hasChanged = false
        requests.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        for (slot, watch) in table.slots.enumerated() {
            guard let watch else { continue }
            requests.append(watch.request)
            keys.append(WatchTable.Key(slot: slot, serial: watch.serial))
        }
    }

    /// Waits for at most the given milliseconds (-1: without end).
    mutating func wait(_ timeout: Int32) {
        var count = poll(&requests, nfds_t(requests.count), timeout)
        ready.removeAll(keepingCapacity: true)
        var index = 0
        while count > 0, index < requests.count {
            if requests[index].revents != 0 {
                ready.append(keys[index])
                count -= 1
            }
            index += 1
        }
    }

    /// What the last wait found ready, in the order of the table.
    var readyKeys: [WatchTable.Key] { ready }
}

import Platform

/// The descriptors that a loop watches, by a key that is never used twice.
///
/// Descriptor numbers are: a closed one may be another file's before the tick is over.
struct WatchTable {
    typealias Key = PollLoop.WatchKey

    fileprivate struct Watch {
        let request: pollfd
        let action: @Sendable () -> Void
    }

    fileprivate var watches: [Key: Watch] = [:]
    fileprivate var hasChanged = true
    private var lastKey = 0

    /// True while an output waits for its reader.
    var hasWaitingOutput: Bool {
        watches.values.contains { $0.request.events & Int16(POLLOUT) != 0 }
    }

    mutating func add(_ descriptor: Int32, events: Int16, _ action: @escaping @Sendable () -> Void) -> Key {
        lastKey += 1
        watches[lastKey] = Watch(request: pollfd(fd: descriptor, events: events, revents: 0), action: action)
        hasChanged = true
        return lastKey
    }

    /// Ends a watch and returns its action.
    mutating func remove(_ key: Key) -> (@Sendable () -> Void)? {
        hasChanged = true
        return watches.removeValue(forKey: key)?.action
    }

    func action(of key: Key) -> (@Sendable () -> Void)? {
        watches[key]?.action
    }
}

/// What poll(2) is called with: a flat copy of the watches, made anew only when they have changed.
struct PollSet {
    private var requests: [pollfd] = []
    private var keys: [WatchTable.Key] = []

    mutating func update(from table: inout WatchTable) {
        guard table.hasChanged else { return }
        table.hasChanged = false
        keys = table.watches.keys.sorted()
        requests = keys.compactMap { table.watches[$0]?.request }
    }

    /// Waits for at most the given milliseconds (-1: without end) and returns the keys of what is ready.
    mutating func wait(_ timeout: Int32) -> [WatchTable.Key] {
        guard poll(&requests, nfds_t(requests.count), timeout) > 0 else { return [] }
        return zip(keys, requests).compactMap { key, request in request.revents != 0 ? key : nil }
    }
}

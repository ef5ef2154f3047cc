import Synchronization

/// How many of something are in use, up to a limit.
final class Quota: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// Takes one, unless all are in use.
    func take() -> Lease? {
        let isFree = used.withLock { used in
            guard used < limit else { return false }
            used += 1
            return true
        }
        return isFree ? Lease(self) : nil
    }

    fileprivate func giveBack() {
        used.withLock { $0 -= 1 }
    }
}

/// One that is in use for as long as somebody holds this.
final class Lease: Sendable {
    private let quota: Quota

    fileprivate init(_ quota: Quota) {
        self.quota = quota
    }

    deinit {
        quota.giveBack()
    }
}

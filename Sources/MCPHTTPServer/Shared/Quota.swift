import Synchronization

/// Counts how many of something are in use, up to a limit.
final class Quota: Sendable {
    private let limit: Int
    private let used = Atomic(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// A permit for one more, or nil if all are in use.
    func acquire() -> Permit? {
        guard used.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            release()
            return nil
        }
        return Permit(self)
    }

    fileprivate func release() {
        used.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// One unit of a quota, in use until the permit is deallocated, on whichever thread.
final class Permit: Sendable {
    private let quota: Quota

    fileprivate init(_ quota: Quota) {
        self.quota = quota
    }

    deinit {
        quota.release()
    }
}

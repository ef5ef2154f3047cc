import AsyncRuntime

extension FakeClock {
    /// Waits until that many actions are scheduled.
    ///
    /// Give the test a time limit. A request schedules its deadline after it was sent, so do not move the time as soon as it arrives.
    public func untilPending(_ count: Int) async {
        while pendingCount < count { await Task.yield() }
    }

    /// Advances the clock, step by step, until the operation completes.
    ///
    /// For an operation whose deadline is scheduled at a moment that the test cannot see. More time than needed may pass.
    public func passing<Value: Sendable>(
        _ step: Duration,
        until operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let ended = Latch<Void>()
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask {
                defer { ended.open() }
                return try await operation()
            }
            while ended.value == nil {
                advance(by: step)
                await Task.yield()
            }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}

extension FakeClock {
    /// Waits until that many actions are scheduled.
    ///
    /// Give the test a time limit. A request schedules its deadline after it was sent, so do not move the time as soon as it arrives.
    public func untilPending(_ count: Int) async {
        while pendingCount < count { await Task.yield() }
    }
}

extension FakeClock {
    /// Waits until that many actions are scheduled.
    ///
    /// Give the test a time limit. A request schedules its deadline after it was sent: who saw it arrive may be too early to move the time.
    public func untilPending(_ count: Int) async {
        while pendingCount < count { await Task.yield() }
    }
}

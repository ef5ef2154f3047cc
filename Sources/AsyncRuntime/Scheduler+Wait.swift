extension Scheduler {
    /// Waits for a time, or until the calling task is cancelled.
    package func wait(for duration: Duration) async {
        let elapsed = Latch<Void>()
        let action = schedule(at: now.advanced(by: duration)) { elapsed.open() }
        await elapsed.waitUnlessCancelled()
        action.cancel()
    }
}

package import AsyncRuntime

extension ChildProcess {
    /// Waits for the exit, and ends the process after some time.
    package func end(within limit: Duration, on clock: any Scheduler) async -> ExitReport {
        await withTaskGroup(of: ExitReport?.self) { group in
            group.addTask { await self.waitForExit() }
            group.addTask {
                await clock.wait(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            // The wait for the exit does not end with the task: the process is ended, and with it the wait.
            if let report = await group.next() ?? nil { return report }
            return await shutdown(grace: Grace(endOfInput: .zero, terminate: .seconds(1)))
        }
    }
}

import Platform
import Synchronization

extension PollLoop {
    /// Runs the loop on the calling thread until `body` has returned and outputs are flushed, at most `flushLimit` long.
    func run(flushLimit: Duration = .seconds(2), _ body: @escaping @Sendable () async -> Int32) -> Int32 {
        Task(executorPreference: self) {
            self.end(with: await body(), flushLimit: flushLimit)
        }
        return runUntilEnded()
    }

    private func end(with code: Int32, flushLimit: Duration) {
        addOrRun {
            self.confined.exitCode = code
            _ = self.schedule(at: self.now + flushLimit) {
                self.confined.mayLeaveOutputBehind = true
            }
        }
    }

    private enum NextStep {
        case wait(milliseconds: Int32)
        case exit(Int32)
    }

    /// Runs ticks on the calling thread until ``run(flushLimit:_:)`` has its result: without it, forever.
    func runUntilEnded() -> Int32 {
        var pollSet = PollSet()
        while true {
            let next = turn.withLock { _ in
                runningThread.store(currentThread(), ordering: .relaxed)
                defer { runningThread.store(0, ordering: .relaxed) }
                return tick(&pollSet)
            }
            switch next {
            case .wait(let milliseconds): pollSet.wait(milliseconds)
            case .exit(let code): return code
            }
        }
    }

    private func tick(_ pollSet: inout PollSet) -> NextStep {
        let hasDueAction = shared.withLock { shared in
            shared.runner = .loopThread
            return shared.deadlines.nearest.map { $0 <= time } ?? false
        }
        for key in pollSet.readyKeys {
            // Looked up one by one, because an action may end the watch of the next.
            confined.watches.action(of: key)?()
        }
        if hasDueAction { runDueActions() }
        runWork()
        runFlushes()
        if let code = confined.finalCode {
            return .exit(code)
        }
        pollSet.update(from: &confined.watches)
        let mustGoOn = !confined.flushes.isEmpty
        let sleepEnd = shared.withLock { shared -> Duration?? in
            guard shared.work.isEmpty, !mustGoOn else { return .none }
            shared.runner = .noThread
            shared.sleepEnd = shared.deadlines.nearest
            return .some(shared.sleepEnd)
        }
        guard let sleepEnd else { return .wait(milliseconds: 0) }
        return .wait(milliseconds: sleepEnd.map { Self.milliseconds(in: $0 - time) } ?? -1)
    }

    private func runDueActions() {
        let time = time
        while let action = shared.withLock({ $0.deadlines.takeDue(at: time) }) {
            action()
        }
    }

    func runWork() {
        var batch: [Work] = []
        swap(&batch, &confined.batch)
        // Bounded, so that tasks that keep each other busy cannot hold up the descriptors.
        for _ in 0..<16 {
            shared.withLock { swap(&$0.work, &batch) }
            if batch.isEmpty { break }
            for work in batch {
                switch work {
                case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
                case .action(let action): action()
                }
            }
            batch.removeAll(keepingCapacity: true)
        }
        swap(&batch, &confined.batch)
    }

    func runFlushes() {
        guard !confined.flushes.isEmpty else { return }
        var flushes: [Flush] = []
        swap(&flushes, &confined.flushes)
        for flush in flushes { flush.run() }
        flushes.removeAll(keepingCapacity: true)
        // What a flush added stays for the next tick.
        if confined.flushes.isEmpty { swap(&flushes, &confined.flushes) }
    }
}

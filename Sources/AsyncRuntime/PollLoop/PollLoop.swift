import Platform
import Synchronization
import TextUtilities

/// One thread that waits in poll(2) and runs everything: descriptors, deadlines and the tasks that prefer it, but for those
/// that another thread wakes and runs itself (``deliver(_:)``).
///
/// A hop to another thread costs more than all the work on a small message, so a task started with
/// `executorPreference: loop` is resumed on the thread that read its answer. The preference is sticky, also through
/// default actors and `@concurrent` functions; long work leaves it with ``offLoop(_:)``.
///
/// A tick: ready descriptors, due deadlines, tasks until none is left, then one write(2) for each output, then poll(2).
package final class PollLoop: TaskExecutor, Scheduler {
    /// Names one watch of a descriptor; never used twice.
    package typealias WatchKey = Int

    private enum Work {
        case job(UnownedJob)
        case action(@Sendable () -> Void)
    }

    private struct State {
        var work: [Work] = []
        var flushes: [@Sendable () -> Void] = []
        var deadlines = DeadlineHeap()
        var watches = WatchTable()
        /// True from the moment the loop found nothing to do until it is woken: only then must others wake it.
        var isAsleep = false
        /// The thread that runs the tasks it makes ready by itself while the loop is asleep.
        var visit: Visit?
        var exitCode: Int32?
        var mayLeaveOutputBehind = false

        /// Whether the caller is the one who visits.
        var isVisitor: Bool {
            guard let visit else { return false }
            return pthread_equal(visit.thread, pthread_self()) != 0
        }

        /// The exit code, once there is one and no output waits, or has been waited for long enough.
        var finalCode: Int32? {
            let isFlushed = flushes.isEmpty && !watches.hasWaitingOutput
            return isFlushed || mayLeaveOutputBehind ? exitCode : nil
        }
    }

    private struct Visit {
        let thread: pthread_t
        private(set) var jobs: [UnownedJob] = []
        private(set) var flushes: [@Sendable () -> Void] = []

        mutating func add(_ job: UnownedJob) { jobs.append(job) }

        mutating func add(_ flush: @escaping @Sendable () -> Void) { flushes.append(flush) }

        mutating func takeJobs() -> [UnownedJob] {
            defer { jobs = [] }
            return jobs
        }

        mutating func takeFlushes() -> [@Sendable () -> Void] {
            defer { flushes = [] }
            return flushes
        }
    }

    private let state = Mutex(State())
    private let wakePipe: Pipe

    init() throws(SystemError) {
        wakePipe = try Pipe.open()
        makeNonBlocking(wakePipe.readEnd)
        makeNonBlocking(wakePipe.writeEnd)
        // A peer that went away is an error of the write, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        watch(wakePipe.readEnd, for: POLLIN) { [wakePipe] in
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
                _ = read(wakePipe.readEnd, bytes.baseAddress, bytes.count)
            }
        }
    }

    // MARK: Work

    /// Runs a closure on the loop, after what was added before it.
    package func add(_ action: @escaping @Sendable () -> Void) {
        add(.action(action))
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        wakeIfNeeded(visiting: { $0.add(job) }, { $0.work.append(.job(job)) })
    }

    /// Runs a closure when the tasks of this tick have come to rest, so that what they wrote goes out together.
    package func atEndOfTick(_ flush: @escaping @Sendable () -> Void) {
        wakeIfNeeded(visiting: { $0.add(flush) }, { $0.flushes.append(flush) })
    }

    private func add(_ work: Work) {
        wakeIfNeeded { $0.work.append(work) }
    }

    // MARK: Visits

    /// Whether the loop waits for something to do.
    var isAsleep: Bool { state.withLock { $0.isAsleep } }

    /// Runs a closure on the calling thread and then, if the loop is asleep, the tasks that the closure made ready: a tick
    /// away from the loop's thread, for to wake that costs more than all the work on a small message.
    ///
    /// Descriptors, deadlines and what was added with ``add(_:)`` stay the loop's alone. To be called where nothing is
    /// locked; one thread visits at a time, others have the loop woken as ever.
    package func deliver(_ body: () -> Void) {
        let isVisiting = state.withLock { state in
            guard state.isAsleep, state.visit == nil else { return false }
            state.visit = Visit(thread: pthread_self())
            return true
        }
        body()
        guard isVisiting else { return }
        // Bounded as a tick of the loop is.
        for _ in 0..<16 {
            let jobs = state.withLock { $0.visit?.takeJobs() ?? [] }
            if jobs.isEmpty { break }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        for flush in state.withLock({ $0.visit?.takeFlushes() ?? [] }) { flush() }
        // What is still there is for the loop.
        let mustWake = state.withLock { state in
            guard let rest = state.visit.take(), !rest.jobs.isEmpty || !rest.flushes.isEmpty else { return false }
            state.work += rest.jobs.map(Work.job)
            state.flushes += rest.flushes
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wake() }
    }

    // MARK: Deadlines

    package var now: ContinuousClock.Instant { .now }

    package func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        let id = wakeIfNeeded { $0.deadlines.add(at: deadline, action) }
        return ScheduledAction {
            // What the action held on to is let go outside the lock: its end may call the loop.
            _ = self.state.withLock { $0.deadlines.cancel(id) }
        }
    }

    // MARK: Descriptors

    /// Calls a closure on the loop in each tick in which the descriptor is ready, has failed or is at its end.
    @discardableResult
    package func watch(_ descriptor: Int32, for events: Int32, _ action: @escaping @Sendable () -> Void) -> WatchKey {
        wakeIfNeeded { $0.watches.add(descriptor, events: Int16(events), action) }
    }

    /// Ends a watch; must come before its descriptor is closed.
    package func unwatch(_ key: WatchKey) {
        _ = wakeIfNeeded { $0.watches.remove(key) }
    }

    // MARK: Running

    /// Runs the loop on the calling thread until `body` has returned and outputs are flushed, at most `flushLimit` long.
    func run(flushLimit: Duration = .seconds(2), _ body: @escaping @Sendable () async -> Int32) -> Int32 {
        Task(executorPreference: self) {
            self.end(with: await body(), flushLimit: flushLimit)
        }
        return runUntilEnded()
    }

    /// Runs ticks on the calling thread until ``run(flushLimit:_:)`` has its result: without it, forever.
    func runUntilEnded() -> Int32 {
        var pollSet = PollSet()
        var work: [Work] = []
        var flushes: [@Sendable () -> Void] = []
        while true {
            runDueActions()
            runWork(&work)
            flushOutputs(&flushes)
            if let code = state.withLock({ $0.finalCode }) {
                return code
            }
            waitForEvents(&pollSet)
        }
    }

    private func end(with code: Int32, flushLimit: Duration) {
        state.withLock { $0.exitCode = code }
        _ = schedule(at: now + flushLimit) {
            self.state.withLock { $0.mayLeaveOutputBehind = true }
        }
    }

    private func runDueActions() {
        guard state.withLock({ $0.deadlines.count > 0 }) else { return }
        let now = now
        while let action = state.withLock({ $0.deadlines.takeDue(at: now) }) {
            action()
        }
    }

    private func runWork(_ batch: inout [Work]) {
        // Bounded, so that tasks that keep each other busy cannot keep the descriptors waiting.
        for _ in 0..<16 {
            state.withLock { swap(&$0.work, &batch) }
            if batch.isEmpty { return }
            for work in batch {
                switch work {
                case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
                case .action(let action): action()
                }
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    private func flushOutputs(_ batch: inout [@Sendable () -> Void]) {
        state.withLock { swap(&$0.flushes, &batch) }
        for flush in batch {
            flush()
        }
        batch.removeAll(keepingCapacity: true)
    }

    private func waitForEvents(_ pollSet: inout PollSet) {
        let timeout = state.withLock { state -> Int32 in
            pollSet.update(from: &state.watches)
            guard state.work.isEmpty, state.flushes.isEmpty else { return 0 }
            state.isAsleep = true
            return state.deadlines.nearest.map { Self.milliseconds(until: $0) } ?? -1
        }
        let ready = pollSet.wait(timeout)
        state.withLock { $0.isAsleep = false }
        for key in ready {
            // Looked up one by one: the action of one may have ended the watch of the next.
            state.withLock { $0.watches.action(of: key) }?()
        }
    }

    private func wakeIfNeeded<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, mustWake) = state.withLock { state in
            let result = change(&state)
            defer { state.isAsleep = false }
            return (result, state.isAsleep)
        }
        if mustWake { wake() }
        return result
    }

    /// The same for what a visitor does by itself.
    private func wakeIfNeeded(visiting: (inout Visit) -> Void, _ change: (inout State) -> Void) {
        let mustWake = state.withLock { state in
            if state.isVisitor, var visit = state.visit.take() {
                visiting(&visit)
                state.visit = visit
                return false
            }
            change(&state)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wake() }
    }

    private func wake() {
        // A full pipe is as good as one byte: the loop will wake.
        withUnsafeBytes(of: UInt8(0)) { _ = write(wakePipe.writeEnd, $0.baseAddress, 1) }
    }

    /// The time until a deadline, rounded up: an early wake-up would find nothing due and spin.
    package static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = (deadline - .now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64(Int32.max) / 1000 else { return .max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

import Platform
import Synchronization

/// A loop around poll(2) that runs a process's tasks, timers and descriptor events one at a time.
///
/// A hop to another thread costs more than all the work on a small message. A task started with
/// `executorPreference: loop` is therefore resumed by the thread that read its response. The preference is inherited,
/// also through default actors and `@concurrent` functions; long work leaves the loop with ``offLoop(_:)``.
///
/// The loop has a thread of its own, which waits in poll(2) and runs the ticks. A tick runs the actions of ready
/// descriptors, then due timers, then tasks and actions until none is left, then one write(2) for each output. While
/// the loop is asleep, another thread may run a tick in its place (``takeTurn(_:)``). Only one thread at a time runs
/// the loop's work, so state that only this work touches needs no lock: see ``LoopBound``.
package final class PollLoop: TaskExecutor, Scheduler {
    /// Names one watch of a descriptor; never used twice.
    package typealias WatchKey = WatchTable.Key

    enum Work {
        case job(UnownedJob)
        case action(@Sendable () -> Void)
    }

    /// Who runs work that is added now.
    enum Runner {
        /// The loop's thread: it is awake, or has been woken.
        case loopThread
        /// No thread: code that adds work must wake the loop's thread.
        case noThread
        /// A thread in ``takeTurn(_:)``.
        case otherThread
    }

    /// What any thread may touch.
    struct Shared {
        var work: [Work] = []
        var deadlines = DeadlineHeap()
        var runner = Runner.loopThread
        /// When the loop's thread wakes up by itself, as time since ``origin``; nil for never.
        var sleepEnd: Duration?

        /// Whether a deadline is due before the loop's thread wakes up.
        var mustWakeForDeadline: Bool {
            mutating get {
                guard let nearest = deadlines.nearest else { return false }
                return sleepEnd.map { nearest < $0 } ?? true
            }
        }

        /// Leaves the work to the loop's thread; returns true if it has to be woken for it.
        mutating func needsWake() -> Bool {
            guard runner == .noThread else { return false }
            runner = .loopThread
            return true
        }
    }

    /// What runs at the end of a tick; an array would wrap a bare closure in another one.
    struct Flush {
        let run: @Sendable () -> Void
    }

    /// What only the thread that runs the loop's work may touch.
    struct Confined {
        var watches = WatchTable()
        /// What to call at the end of this tick.
        var flushes: [Flush] = []
        var batch: [Work] = []
        var exitCode: Int32?
        var mayLeaveOutputBehind = false

        /// The exit code, once there is one and all output is written or has been waited for long enough.
        var finalCode: Int32? {
            let isFlushed = flushes.isEmpty && !watches.hasWaitingOutput
            return isFlushed || mayLeaveOutputBehind ? exitCode : nil
        }
    }

    let shared = Mutex(Shared())
    /// Held by the thread that runs the loop's work, for a whole tick.
    let turn = Mutex<Void>(())
    /// The thread that holds ``turn``, or 0.
    let runningThread = Atomic<UInt>(0)
    /// Deadlines are kept as the time since then.
    private let origin = ContinuousClock.now
    // Only one thread at a time gets here, so checks for overlapping accesses would find nothing.
    @exclusivity(unchecked)
    private nonisolated(unsafe) var unsafeConfined = Confined()
    private let wakePipe: Pipe

    init() throws(SystemError) {
        wakePipe = try Pipe.open()
        makeNonBlocking(wakePipe.readEnd)
        makeNonBlocking(wakePipe.writeEnd)
        // A write to a peer that went away must fail, not end this process.
        signal(SIGPIPE, SIG_IGN)
        _ = unsafeConfined.watches.add(wakePipe.readEnd, events: Int16(POLLIN)) { [wakePipe] in
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
                _ = read(wakePipe.readEnd, bytes.baseAddress, bytes.count)
            }
        }
    }

    /// Whether the calling code runs on the loop: in a task, timer or event of the loop.
    package var isCurrent: Bool {
        runningThread.load(ordering: .relaxed) == currentThread()
    }

    /// Stops a debug build if the calling code does not run on the loop.
    package func preconditionOnLoop(file: StaticString = #fileID, line: UInt = #line) {
        assert(isCurrent, "This must be called on the loop.", file: file, line: line)
    }

    var confined: Confined {
        _read {
            preconditionOnLoop()
            yield unsafeConfined
        }
        _modify {
            preconditionOnLoop()
            yield &unsafeConfined
        }
    }

    // MARK: Work

    /// Runs a closure on the loop, after what was added before it.
    package func add(_ action: @escaping @Sendable () -> Void) {
        add(.action(action))
    }

    /// Runs a closure at once if the caller is on the loop, and otherwise adds it.
    package func addOrRun(_ action: @escaping @Sendable () -> Void) {
        if isCurrent { action() } else { add(action) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    private func add(_ work: Work) {
        let mustWake = shared.withLock { shared in
            shared.work.append(work)
            return shared.needsWake()
        }
        if mustWake { wake() }
    }

    /// Runs a closure when the tasks of this tick have come to rest, so that what they wrote goes out together.
    ///
    /// Call this on the loop.
    package func atEndOfTick(_ flush: @escaping @Sendable () -> Void) {
        confined.flushes.append(Flush(run: flush))
    }

    // MARK: Deadlines

    package var now: ContinuousClock.Instant { .now }

    /// The time since the loop was created.
    var time: Duration { origin.duration(to: .now) }

    package func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        let time = origin.duration(to: deadline)
        let (key, mustWake) = shared.withLock { shared in
            let key = shared.deadlines.add(at: time, action)
            return (key, shared.runner == .noThread && shared.mustWakeForDeadline && shared.needsWake())
        }
        if mustWake { wake() }
        return ScheduledAction {
            // What the action holds is released outside the lock, because a deinitializer may call the loop.
            _ = self.shared.withLock { $0.deadlines.cancel(key) }
        }
    }

    // MARK: Descriptors

    /// Calls a closure on the loop in each tick in which the descriptor is ready, has failed or is at its end.
    ///
    /// Call this on the loop.
    ///
    /// - Parameter events: the events of poll(2), or 0 for errors and hang-ups only.
    package func watch(_ descriptor: Int32, for events: Int32, _ action: @escaping @Sendable () -> Void) -> WatchKey {
        confined.watches.add(descriptor, events: Int16(events), action)
    }

    /// Ends a watch.
    ///
    /// Call this on the loop, before the descriptor is closed.
    package func unwatch(_ key: WatchKey) {
        confined.watches.remove(key)
    }

    // MARK: Waking

    func wake() {
        // A full pipe is as good as one byte: the loop will wake.
        withUnsafeBytes(of: UInt8(0)) { _ = write(wakePipe.writeEnd, $0.baseAddress, 1) }
    }

    /// The time until a deadline, rounded up: a loop that wakes early would find nothing due and spin.
    package static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        milliseconds(in: deadline - .now)
    }

    static func milliseconds(in time: Duration) -> Int32 {
        let (seconds, attoseconds) = time.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64(Int32.max) / 1000 else { return .max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

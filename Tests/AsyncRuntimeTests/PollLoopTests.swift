import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AsyncRuntime

struct PollLoopTests {
    /// The number of the thread that runs the caller.
    private static func threadID() -> UInt {
        #if canImport(Darwin)
        UInt(bitPattern: pthread_self())
        #else
        UInt(pthread_self())
        #endif
    }

    private static func loopThread() async -> UInt {
        await withCheckedContinuation { continuation in
            PollLoop.shared.add { continuation.resume(returning: threadID()) }
        }
    }

    @Test("Tasks that prefer the loop run on its thread and resume there")
    func tasksRunOnTheLoop() async throws {
        let loopThread = await Self.loopThread()
        let threads = await Task(executorPreference: PollLoop.shared) {
            var threads = [Self.threadID()]
            await Task.yield()
            threads.append(Self.threadID())
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume() }
            }
            threads.append(Self.threadID())
            return threads
        }.value
        #expect(threads == [loopThread, loopThread, loopThread])
    }

    @Test("Work can leave the loop, and its task comes back")
    func workLeavesTheLoop() async throws {
        let loopThread = await Self.loopThread()
        let (outside, after) = try await Task(executorPreference: PollLoop.shared) {
            let outside = try await offLoop { Self.threadID() }
            return (outside, Self.threadID())
        }.value
        #expect(outside != loopThread)
        #expect(after == loopThread)
    }

    @Test("Work off the loop sees that its caller is cancelled, and its error comes back")
    func cancellationReachesWorkOffTheLoop() async {
        let task = Task(executorPreference: PollLoop.shared) {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await offLoop { try Task.checkCancellation() }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    /// A loop with its own thread, and what ends it.
    private static func sleepingLoop() throws -> (loop: PollLoop, end: Recorder<Void>) {
        let loop = try PollLoop()
        let end = Recorder<Void>()
        Thread.detachNewThread {
            _ = loop.run {
                _ = await end.wait(count: 1)
                return 0
            }
        }
        return (loop, end)
    }

    /// A task on the loop that waits for its continuation and returns the thread on which it resumed.
    private static func waiter(
        on loop: PollLoop,
        then action: @escaping @Sendable () -> Void = {}
    ) async -> (task: Task<UInt, Never>, continuation: CheckedContinuation<Void, Never>) {
        let waiting = Recorder<CheckedContinuation<Void, Never>>()
        let task = Task(executorPreference: loop) {
            await withCheckedContinuation { waiting.append($0) }
            action()
            return threadID()
        }
        return (task, await waiting.wait(count: 1)[0])
    }

    @Test("While the loop is asleep, another thread can run a tick in its place")
    func turnRunsWorkOnTheCallingThread() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let flushes = Recorder<UInt>()
        let actions = Recorder<UInt>()
        let (task, continuation) = await Self.waiter(on: loop) {
            loop.preconditionOnLoop()
            loop.add { actions.append(Self.threadID()) }
            loop.atEndOfTick { flushes.append(Self.threadID()) }
        }
        let (thread, isAsleep) = await onThread {
            while !loop.isAsleep { sched_yield() }
            loop.takeTurn { continuation.resume() }
            return (Self.threadID(), loop.isAsleep)
        }
        #expect(isAsleep, "the loop's thread was woken")
        #expect(await task.value == thread)
        #expect(actions.values == [thread])
        #expect(flushes.values == [thread])
        end.append(())
    }

    @Test("While the loop is awake, a turn only runs its closure")
    func turnOfAnAwakeLoop() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let loopThread = await withCheckedContinuation { continuation in
            loop.add { continuation.resume(returning: Self.threadID()) }
        }
        let (onLoop, onLoopContinuation) = await Self.waiter(on: loop)
        loop.add { loop.takeTurn { onLoopContinuation.resume() } }
        #expect(await onLoop.value == loopThread)

        let (task, continuation) = await Self.waiter(on: loop)
        let isBusy = DispatchSemaphore(value: 0)
        let mayGoOn = DispatchSemaphore(value: 0)
        loop.add {
            isBusy.signal()
            mayGoOn.wait()
        }
        await onThread {
            isBusy.wait()
            loop.takeTurn { continuation.resume() }
            mayGoOn.signal()
        }
        #expect(await task.value == loopThread)
        end.append(())
    }

    @Test("The loop's work is never run by two threads at a time")
    func turnsExcludeEachOther() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        // Not atomic on purpose: debug builds check that it is only touched on the loop.
        let count = LoopBound(0, on: loop)
        let done = Recorder<Void>()
        loop.add {
            _ = loop.watch(pipe.readEnd, for: POLLIN) {
                var byte: UInt8 = 0
                _ = read(pipe.readEnd, &byte, 1)
                count.value += 1
            }
        }
        for _ in 0..<4 {
            Thread.detachNewThread {
                for _ in 0..<2500 {
                    loop.takeTurn { loop.add { count.value += 1 } }
                    _ = write(pipe.writeEnd, "x", 1)
                }
                done.append(())
            }
        }
        _ = await done.wait(count: 4)
        let total = await Task(executorPreference: loop) {
            while count.value < 20_000 { await Task.yield() }
            return count.value
        }.value
        #expect(total == 20_000)
        end.append(())
    }

    @Test("What a turn adds for the loop's thread wakes it")
    func turnWakesTheLoopForDeadlinesAndWatches() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        _ = write(pipe.writeEnd, "x", 1)
        let events = Recorder<String>()
        await onThread {
            while !loop.isAsleep { sched_yield() }
            loop.takeTurn {
                _ = loop.schedule(at: loop.now + .milliseconds(1)) { events.append("deadline") }
            }
            while !loop.isAsleep { sched_yield() }
            loop.takeTurn {
                loop.addOrRun {
                    let key = Mutex<PollLoop.WatchKey?>(nil)
                    let watch = loop.watch(pipe.readEnd, for: POLLIN) {
                        if let watch = key.withLock({ $0.take() }) { loop.unwatch(watch) }
                        events.append("watch")
                    }
                    key.withLock { $0 = watch }
                }
            }
        }
        #expect(await events.wait(count: 2).sorted() == ["deadline", "watch"])
        end.append(())
    }

    @Test("Actions run in the order in which they were added")
    func actionsKeepTheirOrder() async {
        let order = Recorder<Int>()
        for number in 0..<1000 {
            PollLoop.shared.add { order.append(number) }
        }
        #expect(await order.wait(count: 1000) == Array(0..<1000))
    }

    @Test("Many threads can wake the loop at the same time")
    func manyThreadsWakeTheLoop() async {
        let seen = Recorder<Int>()
        for number in 0..<8 {
            Thread.detachNewThread {
                for step in 0..<250 {
                    PollLoop.shared.add { seen.append(number * 250 + step) }
                }
            }
        }
        #expect(await seen.wait(count: 2000).sorted() == Array(0..<2000))
    }

    @Test("Deadlines come in their order and not too early")
    func deadlinesKeepTheirOrder() async {
        let loop = PollLoop.shared
        let start = loop.now
        let order = Recorder<Int>()
        let instants = Recorder<ContinuousClock.Instant>()
        for number in [3, 1, 2] {
            _ = loop.schedule(at: start + .milliseconds(number * 5)) {
                order.append(number)
                instants.append(loop.now)
            }
        }
        #expect(await order.wait(count: 3) == [1, 2, 3])
        for (number, instant) in zip(1...3, await instants.wait(count: 3)) {
            #expect(instant >= start + .milliseconds(number * 5))
        }
    }

    @Test("A cancelled deadline does not run, and a deadline in the past runs at once")
    func cancelledAndPastDeadlines() async {
        let loop = PollLoop.shared
        let ran = Recorder<String>()
        let cancelled = loop.schedule(at: loop.now + .milliseconds(1)) { ran.append("cancelled") }
        cancelled.cancel()
        _ = loop.schedule(at: loop.now - .seconds(1)) { ran.append("past") }
        _ = loop.schedule(at: loop.now + .milliseconds(5)) { ran.append("later") }
        #expect(await ran.wait(count: 2) == ["past", "later"])
    }

    @Test("Tasks that keep each other busy do not hold up descriptors")
    func busyTasksDoNotStarveDescriptors() async throws {
        let isDone = Mutex(false)
        let busy = Task(executorPreference: PollLoop.shared) {
            while !isDone.withLock({ $0 }) {
                await Task.yield()
            }
        }
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        let ready = Recorder<Void>()
        PollLoop.shared.add {
            let key = Mutex<PollLoop.WatchKey?>(nil)
            let watch = PollLoop.shared.watch(pipe.readEnd, for: POLLIN) {
                guard let watch = key.withLock({ $0.take() }) else { return }
                PollLoop.shared.unwatch(watch)
                ready.append(())
            }
            key.withLock { $0 = watch }
        }
        _ = write(pipe.writeEnd, "x", 1)
        _ = await ready.wait(count: 1)
        isDone.withLock { $0 = true }
        await busy.value
    }

    @Test("A watch that was ended is not called in the same tick")
    func endedWatchIsNotCalled() async throws {
        let loop = PollLoop.shared
        let pipes = [try Pipe.open(), try Pipe.open()]
        let keys = Mutex<[PollLoop.WatchKey]>([])
        let called = Recorder<Int>()
        loop.add {
            for (index, pipe) in pipes.enumerated() {
                _ = write(pipe.writeEnd, "x", 1)
                let key = loop.watch(pipe.readEnd, for: POLLIN) {
                    called.append(index)
                    for key in keys.withLock({ $0 }) {
                        loop.unwatch(key)
                    }
                    loop.add { called.append(-1) }
                }
                keys.withLock { $0.append(key) }
            }
        }
        #expect(await called.wait { $0.contains(-1) } == [0, -1])
        for pipe in pipes {
            pipe.closeBoth()
        }
    }

    @Test("A loop runs its body on the calling thread and returns its code")
    func runReturnsTheCode() async throws {
        let threads = Recorder<UInt>()
        let loop = try PollLoop()
        let codes = Recorder<Int32>()
        Thread.detachNewThread {
            threads.append(Self.threadID())
            let code = loop.run {
                await Task.yield()
                threads.append(Self.threadID())
                return 42
            }
            codes.append(code)
        }
        #expect(await codes.wait(count: 1) == [42])
        #expect(Set(threads.values).count == 1)
    }

    @Test("The program exits with the code of its body")
    func programExitsWithCode() async {
        await #expect(processExitsWith: .exitCode(7)) {
            PollLoop.runMain {
                await Task.yield()
                return 7
            }
        }
    }

    @Test("Pipes do not take the numbers of closed standard streams")
    func closedStandardStreams() async {
        await #expect(processExitsWith: .exitCode(3)) {
            close(0)
            close(1)
            PollLoop.runMain {
                let isOpen = fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0
                return isOpen && write(1, "x", 1) == 1 ? 3 : 4
            }
        }
    }

    @Test("A signal runs its action on the loop")
    func signalRunsAction() async {
        await #expect(processExitsWith: .exitCode(SIGTERM)) {
            PollLoop.runMain {
                let signals = Recorder<Int32>()
                do {
                    try PollLoop.shared.onSignal([SIGINT, SIGTERM]) { signals.append($0) }
                } catch {
                    return 99
                }
                kill(getpid(), SIGINT)
                _ = await signals.wait(count: 1)
                kill(getpid(), SIGTERM)
                return await signals.wait(count: 2).last ?? 98
            }
        }
    }

    @Test("With too few descriptors the program says so in one line and exits with status 3", arguments: [4, 20])
    func tooFewDescriptors(limit: Int) async throws {
        let result = try await #require(
            processExitsWith: .exitCode(3),
            observing: [\.standardErrorContent]
        ) { [limit] in
            #if canImport(Glibc)
            var limits = rlimit(rlim_cur: rlim_t(limit), rlim_max: 1024)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
            #else
            var limits = rlimit(rlim_cur: rlim_t(limit), rlim_max: 1024)
            setrlimit(RLIMIT_NOFILE, &limits)
            #endif
            PollLoop.runMain { 0 }
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(
            text.hasSuffix(
                """
                Error: cannot start: the limit of open files is \(limit), but at least 48 are needed. \
                Raise it, for example with `ulimit -n 1024`.

                """
            ),
            "\(text)"
        )
    }
}

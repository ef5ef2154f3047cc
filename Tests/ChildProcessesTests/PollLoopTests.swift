import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

@Suite struct PollLoopTests {
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

    @Test func tasksThatPreferTheLoopRunOnItsThreadAndResumeThere() async throws {
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

    @Test func workLeavesTheLoopAndComesBack() async throws {
        let loopThread = await Self.loopThread()
        let (outside, after) = try await Task(executorPreference: PollLoop.shared) {
            let outside = try await offLoop { Self.threadID() }
            return (outside, Self.threadID())
        }.value
        #expect(outside != loopThread)
        #expect(after == loopThread)
    }

    @Test func workOffTheLoopSeesThatItsCallerWasCancelledAndItsErrorComesBack() async {
        let task = Task(executorPreference: PollLoop.shared) {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await offLoop { try Task.checkCancellation() }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    /// A loop of its own, which sleeps until it has something to do, and what ends it.
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

    /// A task on the loop that waits for its continuation and tells on which thread it went on.
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

    @Test func whatADeliveryMakesReadyRunsOnTheThreadThatDeliversWhileTheLoopSleeps() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let pipe = try Pipe.open()
        let writer = OutputWriter(sink: .nonBlocking(pipe.writeEnd), loop: loop)
        let (task, continuation) = await Self.waiter(on: loop) { writer.write([7]) }
        let (thread, isAsleep, byte) = await onThread {
            while !loop.isAsleep { sched_yield() }
            loop.deliver { continuation.resume() }
            let isAsleep = loop.isAsleep
            var byte: UInt8 = 0
            _ = read(pipe.readEnd, &byte, 1)
            return (Self.threadID(), isAsleep, byte)
        }
        #expect(await task.value == thread)
        #expect(isAsleep, "the loop was not woken, neither for the task nor for its output")
        #expect(byte == 7)
        close(pipe.readEnd)
        close(pipe.writeEnd)
        end.append(())
    }

    @Test func onlyTheTasksThatAVisitorMakesReadyLeaveTheLoop() async throws {
        let (loop, end) = try Self.sleepingLoop()
        let loopThread = await withCheckedContinuation { continuation in
            loop.add { continuation.resume(returning: Self.threadID()) }
        }
        let (first, onLoop) = await Self.waiter(on: loop)
        loop.add { loop.deliver { onLoop.resume() } }
        #expect(await first.value == loopThread)

        let (inner, innerContinuation) = await Self.waiter(on: loop)
        let (outer, outerContinuation) = await Self.waiter(on: loop)
        let actions = Recorder<UInt>()
        let thread = await onThread {
            while !loop.isAsleep { sched_yield() }
            loop.deliver {
                loop.add { actions.append(Self.threadID()) }
                let other = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    loop.deliver { innerContinuation.resume() }
                    other.signal()
                }
                other.wait()
                outerContinuation.resume()
            }
            return Self.threadID()
        }
        #expect(await inner.value == loopThread, "another thread's delivery, which was no visit")
        #expect(await outer.value == thread)
        #expect(await actions.wait(count: 1) == [loopThread])
        end.append(())
    }

    @Test func actionsRunInTheOrderTheyWereAdded() async {
        let order = Recorder<Int>()
        for number in 0..<1000 {
            PollLoop.shared.add { order.append(number) }
        }
        #expect(await order.wait(count: 1000) == Array(0..<1000))
    }

    @Test func manyThreadsWakeTheLoop() async {
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

    @Test func deadlinesComeInTheirOrderAndNotBeforeTheirTime() async {
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

    @Test func aCancelledDeadlineDoesNotRunAndADeadlineInThePastRunsAtOnce() async {
        let loop = PollLoop.shared
        let ran = Recorder<String>()
        let cancelled = loop.schedule(at: loop.now + .milliseconds(1)) { ran.append("cancelled") }
        cancelled.cancel()
        _ = loop.schedule(at: loop.now - .seconds(1)) { ran.append("past") }
        _ = loop.schedule(at: loop.now + .milliseconds(5)) { ran.append("later") }
        #expect(await ran.wait(count: 2) == ["past", "later"])
    }

    @Test func tasksThatKeepEachOtherBusyDoNotHoldDescriptorsUp() async throws {
        let isDone = Mutex(false)
        let busy = Task(executorPreference: PollLoop.shared) {
            while !isDone.withLock({ $0 }) {
                await Task.yield()
            }
        }
        let child = try await ObservedChild.shell("echo served")
        #expect(await child.texts(count: 1) == ["served"])
        isDone.withLock { $0 = true }
        await busy.value
    }

    @Test func aWatchThatEndedIsNotCalledInTheSameTick() async throws {
        let loop = PollLoop.shared
        let pipes = [try Pipe.open(), try Pipe.open()]
        let keys = Mutex<[Int]>([])
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

    @Test func aLoopRunsItsBodyOnTheCallingThreadAndReturnsItsCode() async throws {
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

    @Test func theProgramExitsWithTheCodeOfItsBody() async {
        await #expect(processExitsWith: .exitCode(7)) {
            PollLoop.runMain {
                await Task.yield()
                return 7
            }
        }
    }

    @Test func closedStandardStreamsAreNotTakenByPipes() async {
        await #expect(processExitsWith: .exitCode(3)) {
            close(0)
            close(1)
            PollLoop.runMain {
                let isOpen = fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0
                return isOpen && write(1, "x", 1) == 1 ? 3 : 4
            }
        }
    }

    @Test func aSignalRunsItsActionOnTheLoop() async {
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
}

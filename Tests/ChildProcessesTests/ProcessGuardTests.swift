import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct ProcessGuardTests {
    private static let hanging = "trap '' TERM HUP; (sleep 1000 & sleep 1000); sleep 1000"
    private static let killed = ExitStatus.signalled(signal: SIGKILL, coreDumped: false)

    /// A guard whose events can be waited for.
    private struct ObservedGuard: Sendable {
        let processGuard: ProcessGuard
        let events: Recorder<ProcessGuard.Event>

        init() {
            let events = Recorder<ProcessGuard.Event>()
            self.events = events
            processGuard = ProcessGuard(on: .shared, retryDelay: .zero) { events.append($0) }
        }

        /// Adds the group of a child and returns when the guard knows it.
        func protect(_ child: ObservedChild) async {
            await withCheckedContinuation { continuation in
                processGuard.protect(child.process.processID) { continuation.resume() }
            }
        }

        /// The processes that were started so far, in order.
        func starts(count: Int) async -> [pid_t] {
            await events.wait { Self.starts($0).count >= count }.compactMap { event in
                if case .started(let id) = event { id } else { nil }
            }
        }

        private static func starts(_ events: [ProcessGuard.Event]) -> [ProcessGuard.Event] {
            events.filter { if case .started = $0 { true } else { false } }
        }
    }

    @Test("The groups that are left are killed, and those that were released are not")
    func abandonedGroupsAreKilled() async throws {
        let observed = ObservedGuard()
        let lifeline = try Lifeline()
        let doomed = try await ObservedChild.shell("\(lifeline.grab) echo ready; \(Self.hanging)")
        let released = try await ObservedChild.start(.init(executable: "cat"))
        let alsoDoomed = try await ObservedChild.shell(Self.hanging)
        _ = await doomed.texts(count: 1)
        for child in [doomed, released, alsoDoomed] { await observed.protect(child) }
        observed.processGuard.release(released.process.processID)
        observed.processGuard.release(1)
        #expect(await released.onLoop { observed.processGuard.failure } == nil)

        observed.processGuard.abandon()
        #expect(await doomed.process.waitForExit().status == Self.killed)
        #expect(await alsoDoomed.process.waitForExit().status == Self.killed)
        #expect(await lifeline.isLetGo())
        released.write("alive\n")
        #expect(await released.texts(count: 1) == ["alive"])
        _ = await released.process.shutdown(grace: .patient)
    }

    @Test("The guard runs in a session of its own and ignores polite signals")
    func guardIgnoresPoliteSignals() async throws {
        let observed = ObservedGuard()
        let child = try await ObservedChild.start(.init(executable: "cat"))
        await observed.protect(child)
        let processID = await observed.starts(count: 1)[0]
        #expect(getsid(processID) == processID)
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            #expect(kill(processID, signal) == 0)
        }
        observed.processGuard.abandon()
        #expect(await child.process.waitForExit().status == Self.killed)
    }

    @Test(
        "A guard that was killed or stopped is reaped and replaced by one that knows all groups",
        arguments: [SIGKILL, SIGSTOP]
    )
    func failedGuardIsReplaced(signal: Int32) async throws {
        let observed = ObservedGuard()
        let first = try await ObservedChild.start(.init(executable: "cat"))
        let second = try await ObservedChild.shell(Self.hanging)
        await observed.protect(first)
        await observed.protect(second)
        let failed = await observed.starts(count: 1)[0]
        kill(failed, signal)
        let replacement = await observed.starts(count: 2)[1]
        #expect(replacement != failed)
        _ = await observed.events.wait { $0.contains(.reaped(failed)) }
        // The failure of the guard has not harmed what it guards.
        first.write("alive\n")
        #expect(await first.texts(count: 1) == ["alive"])
        #expect(second.process.exitReport == nil)

        let third = try await ObservedChild.shell(Self.hanging)
        await observed.protect(third)
        observed.processGuard.abandon()
        for child in [first, second, third] {
            #expect(await child.process.waitForExit().status == Self.killed)
        }
    }

    @Test("A guard that does not read, so that its pipe is full, is replaced and harms nothing")
    func guardThatDoesNotReadIsReplaced() async throws {
        let observed = ObservedGuard()
        let child = try await ObservedChild.start(.init(executable: "cat"))
        await observed.protect(child)
        let stalled = await observed.starts(count: 1)[0]
        // A guard compares each group it releases with all others. With a thousand of them (IDs that no process can have)
        // it cannot keep up, however the system shares the cores; without them it could, and the pipe would never be full.
        await child.onLoop {
            let groups = (1...1000).map { 4_194_304 + Int32($0) }
            for group in groups { observed.processGuard.protect(group) }
            for _ in 0..<50_000 where observed.processGuard.processID == stalled {
                observed.processGuard.release(groups[0])
                observed.processGuard.protect(groups[0])
            }
            for group in groups { observed.processGuard.release(group) }
        }
        #expect(await observed.starts(count: 2)[1] != stalled)
        _ = await observed.events.wait { $0.contains(.reaped(stalled)) }
        child.write("alive\n")
        #expect(await child.texts(count: 1) == ["alive"])
        observed.processGuard.abandon()
        #expect(await child.process.waitForExit().status == Self.killed)
    }

    @Test("A guard without groups that was killed is not replaced")
    func idleGuardIsNotReplaced() async throws {
        let observed = ObservedGuard()
        let child = try await ObservedChild.start(.init(executable: "cat"))
        await observed.protect(child)
        observed.processGuard.release(child.process.processID)
        let killed = await observed.starts(count: 1)[0]
        kill(killed, SIGKILL)
        _ = await observed.events.wait { $0.contains(.reaped(killed)) }
        #expect(await child.onLoop { observed.processGuard.processID } == nil)
        #expect(observed.events.values == [.started(killed), .reaped(killed)])
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test("Nothing survives when we are killed by SIGKILL")
    func nothingSurvivesOurDeath() async throws {
        let lifeline = try Lifeline()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = lifeline.path as String] in
            PollLoop.runMain {
                do {
                    let child = try await ObservedChild.shell(
                        "exec 9>'\(path)'; echo ready; trap '' TERM HUP; sleep 1000 & sleep 1000; true"
                    )
                    _ = await child.texts(count: 1)
                    kill(getpid(), SIGKILL)
                    return 1
                } catch {
                    return 2
                }
            }
        }
        #expect(await lifeline.isLetGo())
    }

    @Test("The guard exits with us when nothing is left to guard")
    func guardExitsWithUs() async throws {
        let lifeline = try Lifeline()
        await #expect(processExitsWith: .exitCode(0)) { [path = lifeline.path as String] in
            PollLoop.runMain {
                do {
                    let child = try await ObservedChild.shell("exec 9>'\(path)'; echo ready; cat")
                    _ = await child.texts(count: 1)
                    _ = await child.process.shutdown(grace: .patient)
                    return await child.onLoop { ProcessGuard.shared.processID } == nil ? 1 : 0
                } catch {
                    return 2
                }
            }
        }
        #expect(await lifeline.isLetGo())
    }
}

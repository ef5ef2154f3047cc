import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

@Suite struct ProcessGuardTests {
    private static let hanging = "trap '' TERM HUP; (sleep 1000 & sleep 1000); sleep 1000"

    @Test func groupsThatAreLeftAreKilledAndReleasedOnesAreNot() async throws {
        let processGuard = ProcessGuard()
        let lifeLine = try Lifeline()
        let doomed = try await ObservedChild.shell("\(lifeLine.grab) echo ready; \(Self.hanging)")
        let released = try await ObservedChild.start(.init(executable: "cat"))
        let alsoDoomed = try await ObservedChild.shell(Self.hanging)
        _ = await doomed.texts(count: 1)
        for child in [doomed, released, alsoDoomed] {
            processGuard.protect(child.process.processID)
        }
        processGuard.release(released.process.processID)
        processGuard.release(1)
        #expect(processGuard.failure == nil)

        processGuard.abandon()
        #expect(await doomed.process.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(await alsoDoomed.process.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(await lifeLine.isLetGo())
        released.write("alive\n")
        #expect(await released.texts(count: 1) == ["alive"])
        _ = await released.process.shutdown(grace: .patient)
    }

    @Test func theGuardLivesInASessionOfItsOwnAndIgnoresPoliteSignals() async throws {
        let processGuard = ProcessGuard()
        let child = try await ObservedChild.start(.init(executable: "cat"))
        processGuard.protect(child.process.processID)
        let processID = try #require(processGuard.processID)
        #expect(getsid(processID) == processID)
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            #expect(kill(processID, signal) == 0)
        }
        processGuard.abandon()
        #expect(await child.process.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
    }

    @Test func aGuardThatWasKilledIsReplacedAndKnowsAllGroups() async throws {
        let processGuard = ProcessGuard()
        let first = try await ObservedChild.shell(Self.hanging)
        processGuard.protect(first.process.processID)
        let killed = try #require(processGuard.processID)
        kill(killed, SIGKILL)
        var information = siginfo_t()
        #expect(waitid(P_PID, id_t(killed), &information, WEXITED | WNOWAIT) == 0)

        let second = try await ObservedChild.shell(Self.hanging)
        processGuard.protect(second.process.processID)
        #expect(processGuard.processID != killed)
        processGuard.abandon()
        #expect(await first.process.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(await second.process.ended().status == .signalled(signal: SIGKILL, coreDumped: false))
    }

    @Test func nothingSurvivesOurOwnDeathBySIGKILL() async throws {
        let lifeLine = try Lifeline()
        setenv("STDIO_TEST_LIFELINE", lifeLine.path, 1)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            PollLoop.runMain {
                do {
                    let child = try await ObservedChild.shell(
                        "exec 9>\"$STDIO_TEST_LIFELINE\"; echo ready; trap '' TERM HUP; sleep 1000 & sleep 1000; true"
                    )
                    _ = await child.texts(count: 1)
                    kill(getpid(), SIGKILL)
                    return 1
                } catch {
                    return 2
                }
            }
        }
        #expect(await lifeLine.isLetGo())
    }

    @Test func theGuardEndsWithUsWhenNothingIsLeftToGuard() async throws {
        let lifeLine = try Lifeline()
        setenv("STDIO_TEST_GUARD_LIFELINE", lifeLine.path, 1)
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                do {
                    let child = try await ObservedChild.shell("exec 9>\"$STDIO_TEST_GUARD_LIFELINE\"; echo ready; cat")
                    _ = await child.texts(count: 1)
                    _ = await child.process.shutdown(grace: .patient)
                    return ProcessGuard.shared.processID == nil ? 1 : 0
                } catch {
                    return 2
                }
            }
        }
        #expect(await lifeLine.isLetGo())
    }
}

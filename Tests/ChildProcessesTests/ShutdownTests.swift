import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

@Suite struct ShutdownTests {
    @Test func aChildThatEndsWithItsInputIsAskedNothingMore() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        let report = await child.process.shutdown(grace: .patient)
        #expect(report.status == .exited(code: 0))
        #expect(report.endedBy == .endOfInput)
        #expect(report.steps.map(\.action) == [.endOfInput])
    }

    @Test func whatWasWrittenBeforeAShutdownStillArrives() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        child.write(String(repeating: "x", count: 500_000) + "\nlast\n")
        _ = await child.process.shutdown(grace: .patient)
        #expect(child.lines.values.map(\.byteCount) == [500_000, 4])
    }

    @Test func aChildThatIgnoresItsInputIsTerminated() async throws {
        let child = try await ObservedChild.start(.init(executable: "sleep", arguments: ["1000"]))
        let report = await child.process.shutdown(grace: .init(endOfInput: .milliseconds(20), terminate: .seconds(60)))
        #expect(report.status == .signalled(signal: SIGTERM, coreDumped: false))
        #expect(report.endedBy == .terminate)
        #expect(report.steps.map(\.action) == [.endOfInput, .terminate])
        #expect(report.steps[0].duration >= .milliseconds(20))
        #expect(report.description == "killed by SIGTERM (15) after SIGTERM")
    }

    @Test func aChildThatIgnoresEverythingIsKilled() async throws {
        let child = try await ObservedChild.shell("trap '' TERM; echo ready; while :; do sleep 1000; done")
        _ = await child.texts(count: 1)
        let report = await child.process.shutdown(grace: .brief)
        #expect(report.status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(report.endedBy == .kill)
        #expect(report.steps.map(\.action) == [.endOfInput, .terminate, .kill])
        #expect(report.steps[1].duration >= .milliseconds(20))
    }

    @Test func allCallersGetTheSameReportAlsoAfterTheEnd() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        async let first = child.process.shutdown(grace: .patient)
        async let second = child.process.shutdown(grace: .brief)
        let reports = await [first, second, child.process.shutdown(grace: .brief)]
        #expect(reports[0] == reports[1])
        #expect(reports[1] == reports[2])
    }

    @Test func aChildThatEndedByItselfSaysSoInALaterShutdown() async throws {
        let child = try await ObservedChild.shell("exit 5")
        _ = await child.process.ended()
        let report = await child.process.shutdown()
        #expect(report == ExitReport(status: .exited(code: 5), endedBy: .itself, steps: []))
    }

    @Test func aWrapperTakesItsChildrenWithIt() async throws {
        let lifeLine = try Lifeline()
        let child = try await ObservedChild.shell("\(lifeLine.grab) echo ready; sleep 1000 & sleep 1000; true")
        _ = await child.texts(count: 1)
        let report = await child.process.shutdown(grace: .init(endOfInput: .zero, terminate: .seconds(60)))
        #expect(report.endedBy == .terminate)
        #expect(await lifeLine.isLetGo())
    }

    @Test func whatALeaderLeavesBehindIsKilledThoughItHoldsTheOutputOpen() async throws {
        let lifeLine = try Lifeline()
        let child = try await ObservedChild.shell("\(lifeLine.grab) (trap '' TERM HUP; sleep 1000) & echo bye; exit 4")
        let report = await child.process.ended()
        #expect(report.status == .exited(code: 4))
        #expect(child.events.values == [.line("bye"), .outputEnd, .exit(report)])
        #expect(await lifeLine.isLetGo())
    }

    @Test func aGrandchildThatLeftTheGroupDoesNotDelayTheReport() async throws {
        let script = """
            import os, time
            ready, tell = os.pipe()
            if os.fork() == 0:
                os.setsid()
                print(os.getpid(), flush=True)
                os.write(tell, b"x")
                time.sleep(1000)
            os.read(ready, 1)
            """
        let child = try await ObservedChild.start(.init(executable: "python3", arguments: ["-c", script]))
        let report = await child.process.ended()
        #expect(report.endedBy == .itself)
        #expect(child.events.values.last == .exit(report))
        let escaped = try #require(child.lines.values.first.flatMap { Int32($0.text) })
        #expect(kill(escaped, SIGKILL) == 0)
    }

    @Test func allChildrenEndTogether() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                do {
                    let children = [
                        try await ObservedChild.start(.init(executable: "cat")),
                        try await ObservedChild.start(.init(executable: "cat")),
                    ]
                    await ChildProcess.endAll(grace: .patient)
                    let endings = children.compactMap { $0.process.exitReport?.endedBy }
                    return endings == [.endOfInput, .endOfInput] && ChildRegistry.all.isEmpty ? 0 : 1
                } catch {
                    return 2
                }
            }
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "counts descriptors in /proc"))
    func manyChildrenLeaveNoDescriptorAndNoZombie() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                func openDescriptors() throws -> Int {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
                }
                do {
                    _ = await (try ObservedChild.start(.init(executable: "cat"))).process.shutdown(grace: .patient)
                    let before = try openDescriptors()
                    for _ in 0..<200 {
                        let child = try await ObservedChild.start(.init(executable: "cat"))
                        child.write("x\n")
                        guard await child.process.shutdown(grace: .patient).status == .exited(code: 0) else { return 1 }
                    }
                    // Others in this process may have opened a few meanwhile; each child would leave some.
                    guard try openDescriptors() < before + 100 else { return 2 }
                    // The guard is the one child left: 0 says that no child has ended without being reaped.
                    return waitpid(-1, nil, WNOHANG) == 0 ? 0 : 3
                } catch {
                    return 4
                }
            }
        }
    }
}

import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct ShutdownTests {
    @Test("A child that exits at the end of its input gets no signal")
    func exitsAtEndOfInput() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        let report = await child.process.shutdown(grace: .patient)
        #expect(report.status == .exited(code: 0))
        #expect(report.cause == .endOfInput)
        #expect(report.steps.map(\.action) == [.endOfInput])
    }

    @Test("Output that was written before a shutdown still arrives")
    func outputBeforeShutdown() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        child.write(String(repeating: "x", count: 500_000) + "\nlast\n")
        _ = await child.process.shutdown(grace: .patient)
        #expect(child.lines.values.map(\.byteCount) == [500_000, 4])
    }

    @Test("A child that ignores the end of its input gets SIGTERM")
    func ignoresEndOfInput() async throws {
        let child = try await ObservedChild.start(.init(executable: "sleep", arguments: ["1000"]))
        let report = await child.process.shutdown(grace: .init(endOfInput: .milliseconds(20), terminate: .seconds(60)))
        #expect(report.status == .signalled(signal: SIGTERM, coreDumped: false))
        #expect(report.cause == .terminate)
        #expect(report.steps.map(\.action) == [.endOfInput, .terminate])
        #expect(report.steps[0].duration >= .milliseconds(20))
        #expect(report.description == "killed by SIGTERM (15) after SIGTERM")
    }

    @Test("A child that ignores SIGTERM is killed")
    func ignoresTermination() async throws {
        let child = try await ObservedChild.shell("trap '' TERM; echo ready; while :; do sleep 1000; done")
        _ = await child.texts(count: 1)
        let report = await child.process.shutdown(grace: .brief)
        #expect(report.status == .signalled(signal: SIGKILL, coreDumped: false))
        #expect(report.cause == .kill)
        #expect(report.steps.map(\.action) == [.endOfInput, .terminate, .kill])
        #expect(report.steps[1].duration >= .milliseconds(20))
    }

    @Test("All callers get the same report, also after the exit")
    func sameReport() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        async let first = child.process.shutdown(grace: .patient)
        async let second = child.process.shutdown(grace: .brief)
        let reports = await [first, second, child.process.shutdown(grace: .brief)]
        #expect(reports[0] == reports[1])
        #expect(reports[1] == reports[2])
    }

    @Test("A later shutdown reports that the child had exited by itself")
    func exitedByItself() async throws {
        let child = try await ObservedChild.shell("exit 5")
        _ = await child.process.waitForExit()
        let report = await child.process.shutdown()
        #expect(report == ExitReport(status: .exited(code: 5), cause: .itself, steps: []))
    }

    @Test("The children of a wrapper are terminated with it")
    func wrapper() async throws {
        let lifeLine = try Lifeline()
        let child = try await ObservedChild.shell("\(lifeLine.grab) echo ready; sleep 1000 & sleep 1000; true")
        _ = await child.texts(count: 1)
        let report = await child.process.shutdown(grace: .init(endOfInput: .zero, terminate: .seconds(60)))
        #expect(report.cause == .terminate)
        #expect(await lifeLine.isLetGo())
    }

    @Test("A process that the leader leaves behind is killed though it holds the output open")
    func leftBehind() async throws {
        let lifeLine = try Lifeline()
        let child = try await ObservedChild.shell("\(lifeLine.grab) (trap '' TERM HUP; sleep 1000) & echo bye; exit 4")
        let report = await child.process.waitForExit()
        #expect(report.status == .exited(code: 4))
        #expect(child.events.values == [.line("bye"), .outputEnd, .exit(report)])
        #expect(await lifeLine.isLetGo())
    }

    @Test("A grandchild that left the group does not delay the report")
    func grandchildOutsideGroup() async throws {
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
        let report = await child.process.waitForExit()
        #expect(report.cause == .itself)
        #expect(child.events.values.last == .exit(report))
        let escaped = try #require(child.lines.values.first.flatMap { Int32($0.text) })
        #expect(kill(escaped, SIGKILL) == 0)
    }

    @Test("All children are shut down at the same time")
    func shutdownAll() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                do {
                    let children = [
                        try await ObservedChild.start(.init(executable: "cat")),
                        try await ObservedChild.start(.init(executable: "cat")),
                    ]
                    await ChildProcess.shutdownAll(grace: .patient)
                    let endings = children.compactMap { $0.process.exitReport?.cause }
                    return endings == [.endOfInput, .endOfInput] && ChildRegistry.all.isEmpty ? 0 : 1
                } catch {
                    return 2
                }
            }
        }
    }

    @Test("A child that is starting is shut down, too")
    func shutdownAllWaitsForStarts() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                let (begun, release) = (Latch<Void>(), DispatchSemaphore(value: 0))
                async let child = ChildProcess.spawn(.init(executable: "cat"), handlers: .init()) {
                    (command) throws(SpawnFailure) in
                    begun.open(())
                    release.wait()
                    return try SpawnedChild.start(command)
                }
                await begun.wait()
                async let shutdown: Void = ChildProcess.shutdownAll(grace: .patient)
                release.signal()
                await shutdown
                do {
                    return try await child.exitReport != nil && ChildRegistry.all.isEmpty ? 0 : 1
                } catch {
                    return 2
                }
            }
        }
    }

    @Test(
        "Many children leave no descriptor and no zombie",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "counts descriptors in /proc")
    )
    func noLeaks() async {
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

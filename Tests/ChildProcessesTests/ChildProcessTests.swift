import Dispatch
import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct ChildProcessTests {
    @Test("Lines come in order and before the exit")
    func linesComeBeforeExit() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        for number in 0..<100 {
            child.write("line \(number)\n")
        }
        child.process.closeInput()
        let report = await child.process.waitForExit()
        #expect(report == ExitReport(status: .exited(code: 0), cause: .itself, steps: []))
        let lines = (0..<100).map { ObservedChild.Event.line("line \($0)") }
        #expect(child.events.values == lines + [.outputEnd, .exit(report)])
        #expect(child.process.exitReport == report)
    }

    @Test("A payload of 2 MB goes both ways unchanged")
    func bigPayload() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        // Of a length that is no multiple of anything, with a pattern in which a piece gone astray would show.
        var payload = Array(String(repeating: "a pattern of 31 bytes without LF", count: 65_535).utf8)
        payload[1_000_000] = 0xFF
        child.process.write(payload)
        child.write("\n")
        child.write("small\n")
        let lines = await child.lines.wait(count: 2)
        #expect(lines[0].bytes == payload)
        #expect(lines[1].text == "small")
        #expect(await child.backlog() == 0)
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test("The last line needs no line feed")
    func lastLineWithoutLineFeed() async throws {
        let child = try await ObservedChild.shell("printf 'one\\ntwo'")
        _ = await child.process.waitForExit()
        #expect(child.lines.values.map(\.text) == ["one", "two"])
        #expect(child.lines.values.map(\.isTerminated) == [true, false])
    }

    @Test("A line over the limit is cut, and the next one is whole")
    func longLineIsCut() async throws {
        let script = "head -c 300000 /dev/zero; echo; echo next"
        let child = try await ObservedChild.shell(script, limits: .init(line: 100_000))
        _ = await child.process.waitForExit()
        #expect(child.lines.values.map(\.byteCount) == [300_000, 4])
        #expect(child.lines.values.map(\.isCut) == [true, false])
        #expect(child.lines.values[0].bytes.count == 65_536)
    }

    @Test("The exit code is reported", arguments: [0, 3, 255] as [Int32])
    func reportsExitCode(code: Int32) async throws {
        let child = try await ObservedChild.shell("exit \(code)")
        let report = await child.process.waitForExit()
        #expect(report.status == .exited(code: code))
        #expect(report.status.description == "exited with code \(code)")
        #expect(report.cause == .itself)
    }

    @Test("The signal that killed a child is reported")
    func reportsSignal() async throws {
        let child = try await ObservedChild.shell("ulimit -c 0; kill -SEGV $$")
        let status = await child.process.waitForExit().status
        #expect(status == .signalled(signal: SIGSEGV, coreDumped: false))
        #expect(status.description == "killed by SIGSEGV (11)")
    }

    @Test("The end of output is reported while the child still runs")
    func reportsEndOfOutput() async throws {
        let child = try await ObservedChild.shell("echo bye; exec >&-; read -r line")
        _ = await child.events.wait { $0.contains(.outputEnd) }
        #expect(child.events.values == [.line("bye"), .outputEnd])
        #expect(child.process.exitReport == nil)
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test("A flood on standard error blocks nothing, and its end is kept")
    func standardErrorFlood() async throws {
        let script = """
            import sys
            for i in range(16384): sys.stderr.write("%063d\\n" % i)
            sys.stderr.write("x" * 20000 + "\\nprompt> ")
            sys.stderr.flush()
            print("done", flush=True)
            sys.stdin.read()
            """
        let child = try await ObservedChild.start(.init(executable: "python3", arguments: ["-c", script]))
        #expect(await child.texts(count: 1) == ["done"])
        _ = await child.process.shutdown(grace: .patient)
        let tail = child.process.stderrTail()
        #expect(tail.totalBytes == 16_384 * 63 + 20_000 + 8)
        #expect(tail.droppedLines + tail.lines.count == 16_384 + 2)
        let sizes = tail.lines.map { $0.bytes.count }
        #expect(sizes.reduce(0, +) <= 64 << 10)
        #expect(sizes.suffix(2) == [8192, 8])
        #expect(tail.lines.dropLast(2).last?.text.hasSuffix("16383") == true)
        #expect(tail.text.hasSuffix("prompt> \n"))
    }

    @Test("An unfinished line on standard error is part of the evidence")
    func unfinishedErrorLine() async throws {
        let child = try await ObservedChild.shell("printf 'Password: ' >&2; echo asked; read -r line")
        _ = await child.texts(count: 1)
        // Both pipes may be ready in the same tick, standard output first: the next line comes after it.
        let text = await withCheckedContinuation { continuation in
            PollLoop.shared.add { continuation.resume(returning: child.process.stderrTail().text) }
        }
        #expect(text == "Password: \n")
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test("Writing to a child that closed its input is recorded and harmless")
    func writeToClosedInput() async throws {
        let child = try await ObservedChild.shell("exec <&-; echo closed; exec sleep 1000")
        _ = await child.texts(count: 1)
        // A process of another test that is just being started can hold the input open for a moment.
        repeat {
            child.write("nobody reads this\n")
            _ = await child.backlog()
        } while child.process.inputFailure == nil
        let report = await child.process.shutdown(grace: .init(endOfInput: .milliseconds(20), terminate: .seconds(60)))
        #expect(child.process.inputFailure == EPIPE)
        #expect(report.status == .signalled(signal: SIGTERM, coreDumped: false))
        child.write("nor this\n")
        #expect(await child.backlog() == 0)
    }

    @Test("A child that does not read holds up no other")
    func childThatDoesNotRead() async throws {
        let deaf = try await ObservedChild.start(.init(executable: "sleep", arguments: ["1000"]))
        deaf.process.write([UInt8](repeating: 0x20, count: 1 << 20))
        let other = try await ObservedChild.start(.init(executable: "cat"))
        other.write("served\n")
        #expect(await other.texts(count: 1) == ["served"])
        #expect(await deaf.backlog() > 0)
        _ = await other.process.shutdown(grace: .patient)
        let report = await deaf.process.shutdown(grace: .init(endOfInput: .zero, terminate: .seconds(60)))
        #expect(report.cause == .terminate)
    }

    @Test("A flood from one child does not starve another")
    func floodDoesNotStarve() async throws {
        let flood = try await ChildProcess.spawn(.init(executable: "yes"), handlers: .init())
        let other = try await ObservedChild.start(.init(executable: "cat"))
        other.write("served\n")
        #expect(await other.texts(count: 1) == ["served"])
        _ = await other.process.shutdown(grace: .patient)
        _ = await flood.shutdown(grace: .init(endOfInput: .zero, terminate: .seconds(60)))
    }

    @Test("A start that takes long does not hold up the loop, and can be cancelled")
    func slowStart() async throws {
        let lifeline = try Lifeline()
        let mayStart = DispatchSemaphore(value: 0)
        let isStarting = Recorder<Void>()
        let task = Task {
            try await ChildProcess.spawn(
                .init(executable: "/bin/sh", arguments: ["-c", "\(lifeline.grab) sleep 1000"]),
                handlers: .init()
            ) { (command) throws(SpawnFailure) in
                isStarting.append(())
                mayStart.wait()
                let child = try SpawnedChild.start(command)
                // It is terminated as soon as this returns.
                lifeline.waitUntilGrabbed()
                return child
            }
        }
        _ = await isStarting.wait(count: 1)
        let other = try await ObservedChild.shell("echo served")
        #expect(await other.texts(count: 1) == ["served"])
        task.cancel()
        await #expect(throws: SpawnFailure.cancelled) { try await task.value }
        // The child starts all the same, and is terminated.
        mayStart.signal()
        #expect(await lifeline.isLetGo())
    }

    @Test("A paused output is not read, and no line is lost when it is read again")
    func pausedOutput() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        child.write("one\n")
        #expect(await child.texts(count: 1) == ["one"])
        await child.onLoop { child.process.pauseOutput() }
        child.write("two\n")
        let other = try await ObservedChild.start(.init(executable: "cat"))
        other.write("later\n")
        #expect(await other.texts(count: 1) == ["later"])
        #expect(child.lines.values.count == 1)
        await child.onLoop { child.process.resumeOutput() }
        #expect(await child.texts(count: 2) == ["one", "two"])
        _ = await child.process.shutdown(grace: .patient)
        _ = await other.process.shutdown(grace: .patient)
    }
}

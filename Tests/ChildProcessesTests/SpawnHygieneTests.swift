import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

@Suite struct SpawnHygieneTests {
    private static let hasProc = FileManager.default.fileExists(atPath: "/proc/self/status")

    private func output(_ command: ChildProcess.Command) async throws -> [String] {
        let child = try await ObservedChild.start(command)
        #expect(await child.process.ended().status == .exited(code: 0))
        return child.lines.values.map(\.text)
    }

    @Test func argumentsArriveAsTheyAre() async throws {
        let arguments = ["", "two words", "$HOME", "\"quoted\"", "über\u{2028}", "-n"]
        let script = "for a; do printf '<%s>\\n' \"$a\"; done"
        let lines = try await output(.init(executable: "/bin/sh", arguments: ["-c", script, "sh"] + arguments))
        #expect(lines == arguments.map { "<\($0)>" })
    }

    @Test func theEnvironmentIsOursWithSomeVariablesSetAnew() async throws {
        setenv("STDIO_TEST_INHERITED", "ours", 1)
        setenv("STDIO_TEST_REPLACED", "ours", 1)
        let command = ChildProcess.Command(
            executable: "/bin/sh",
            arguments: [
                "-c", "echo $STDIO_TEST_INHERITED $STDIO_TEST_REPLACED $STDIO_TEST_NEW; env | grep -c REPLACED",
            ],
            environment: ["STDIO_TEST_REPLACED": "theirs", "STDIO_TEST_NEW": "a=b"]
        )
        #expect(try await output(command) == ["ours theirs a=b", "1"])
    }

    @Test func theChildLeadsAGroupOfItsOwn() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        #expect(getpgid(child.process.processID) == child.process.processID)
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test(.enabled(if: hasProc, "reads /proc")) func noSignalIsBlockedOrIgnoredInTheChild() async throws {
        // Ours ignores SIGPIPE at least, as the loop sets it.
        let lines = try await output(.init(executable: "grep", arguments: ["-E", "Sig(Blk|Ign)", "/proc/self/status"]))
        let masks = try lines.map { try #require($0.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }) }
        // Numbers 32 and 33 are the C library's own, they cannot be set.
        #expect(masks.map { $0 & ~(0b11 << 31) } == [0, 0])
    }

    @Test(.enabled(if: hasProc, "reads /proc")) func theChildHoldsNothingButItsStandardStreams() async throws {
        // One that does not close itself at an exec, as a careless host may have left us.
        let stray = open("/dev/null", O_RDONLY)
        defer { close(stray) }
        #expect(fcntl(stray, F_GETFD) == 0)
        let other = try await ObservedChild.start(.init(executable: "cat"))
        // The list itself is read through descriptor 3.
        #expect(try await output(.init(executable: "ls", arguments: ["/proc/self/fd"])) == ["0", "1", "2", "3"])
        _ = await other.process.shutdown(grace: .patient)
    }
}

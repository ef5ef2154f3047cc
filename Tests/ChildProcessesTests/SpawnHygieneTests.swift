import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct SpawnHygieneTests {
    private static let hasProc = FileManager.default.fileExists(atPath: "/proc/self/status")

    private func output(_ command: ChildProcess.Command) async throws -> [String] {
        let child = try await ObservedChild.start(command)
        #expect(await child.process.waitForExit().status == .exited(code: 0))
        return child.lines.values.map(\.text)
    }

    @Test("Arguments arrive unchanged")
    func argumentsArriveUnchanged() async throws {
        let arguments = ["", "two words", "$HOME", "\"quoted\"", "über\u{2028}", "-n"]
        let script = "for a; do printf '<%s>\\n' \"$a\"; done"
        let lines = try await output(.init(executable: "/bin/sh", arguments: ["-c", script, "sh"] + arguments))
        #expect(lines == arguments.map { "<\($0)>" })
    }

    /// The variables of a child that is started like this, as `NAME=value`.
    ///
    /// The tests take variables that are there: to set one while other threads read the environment can crash them.
    private func variables(
        _ environment: [String: String] = [:],
        withheld: Set<String> = []
    ) async throws -> [String] {
        try await output(
            .init(executable: "/usr/bin/env", environment: environment, withheldVariables: withheld)
        )
    }

    @Test("The environment is ours with some variables replaced")
    func environment() async throws {
        let ours = ProcessInfo.processInfo.environment
        let (path, home) = (try #require(ours["PATH"]), try #require(ours["HOME"]))
        let theirs = try await variables(["HOME": home + "/theirs", "STDIO_TEST_NEW": "a=b"])
        #expect(theirs.contains("PATH=\(path)"))
        #expect(theirs.filter { $0.hasPrefix("HOME=") } == ["HOME=\(home)/theirs"])
        #expect(theirs.contains("STDIO_TEST_NEW=a=b"))
    }

    @Test("A withheld variable is not inherited, but the child gets it if it is set explicitly")
    func withheldVariables() async throws {
        #expect(try await variables().contains { $0.hasPrefix("HOME=") })
        #expect(try await !variables(withheld: ["HOME"]).contains { $0.hasPrefix("HOME=") })
        let explicit = try await variables(["HOME": "theirs"], withheld: ["HOME"])
        #expect(explicit.filter { $0.hasPrefix("HOME=") } == ["HOME=theirs"])
    }

    @Test("The child leads a process group of its own")
    func childLeadsGroup() async throws {
        let child = try await ObservedChild.start(.init(executable: "cat"))
        #expect(getpgid(child.process.processID) == child.process.processID)
        _ = await child.process.shutdown(grace: .patient)
    }

    @Test("No signal is blocked or ignored in the child", .enabled(if: hasProc, "reads /proc"))
    func childSignalMask() async throws {
        // Ours ignores SIGPIPE at least, as the loop sets it.
        let lines = try await output(.init(executable: "grep", arguments: ["-E", "Sig(Blk|Ign)", "/proc/self/status"]))
        let masks = try lines.map { try #require($0.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }) }
        // Numbers 32 and 33 are the C library's own, they cannot be set.
        #expect(masks.map { $0 & ~(0b11 << 31) } == [0, 0])
    }

    @Test("The child holds only its standard streams", .enabled(if: hasProc, "reads /proc"))
    func childDescriptors() async throws {
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

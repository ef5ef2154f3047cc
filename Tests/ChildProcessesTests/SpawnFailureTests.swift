import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

@Suite final class SpawnFailureTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spawn-\(UUID())").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            Issue.record(error)
        }
    }

    /// Makes a file without opening it here: a child that another test starts meanwhile would hold it open for writing
    /// for a moment, and what is open for writing cannot be executed.
    private func file(_ name: String, _ text: String, mode: String = "755") async throws -> String {
        let path = "\(folder)/\(name)"
        let writer = try await ObservedChild.shell("cat > '\(path)'; chmod \(mode) '\(path)'")
        writer.write(text)
        writer.process.closeInput()
        #expect(await writer.process.ended().status == .exited(code: 0))
        return path
    }

    private func failure(_ command: ChildProcess.Command) async throws -> SpawnFailure {
        try await #require(throws: SpawnFailure.self) {
            _ = try await ObservedChild.start(command)
        }
    }

    @Test func aNameThatIsNowhereInThePathIsToldWithThePath() async throws {
        let command = ChildProcess.Command(executable: "no-such-program", environment: ["PATH": "\(folder):/usr/bin"])
        let failure = try await failure(command)
        #expect(failure == .notFound(command: "no-such-program", searched: [folder, "/usr/bin"]))
        #expect(
            failure.description == """
                There is no program "no-such-program" in PATH (\(folder):/usr/bin). \
                Install it, correct the name, or give its full path.
                """
        )
    }

    @Test func aCommandLineGivenAsOneNameGetsTheRightAdvice() async throws {
        let failure = try await failure(.init(executable: "python3 server.py"))
        #expect(failure.description.hasSuffix("give what follows it as separate arguments."))
    }

    @Test func aPathThatDoesNotExistIsTold() async throws {
        let path = "\(folder)/missing"
        #expect(try await failure(.init(executable: path)) == .notFound(command: path, searched: [path]))
        #expect(try await failure(.init(executable: "")) != .isDirectory(path: ""))
    }

    @Test func aDirectoryIsNoProgram() async throws {
        #expect(try await failure(.init(executable: folder)) == .isDirectory(path: folder))
    }

    @Test func aFileThatMayNotBeExecutedIsToldWithItsMode() async throws {
        let path = try await file("plain", "#!/bin/sh\n", mode: "644")
        let expected = SpawnFailure.notExecutable(path: path, mode: 0o644)
        #expect(try await failure(.init(executable: path)) == expected)
        #expect(try await failure(.init(executable: "plain", environment: ["PATH": folder])) == expected)
        #expect(expected.description.contains("mode 644"))
    }

    @Test func aScriptWithoutAnInterpreterIsTold() async throws {
        let path = try await file("bare", "echo hello\n")
        #expect(try await failure(.init(executable: path)) == .badInterpreter(path: path, interpreter: nil))
    }

    @Test func aMissingInterpreterIsNamed() async throws {
        let path = try await file("script", "#! /no/such/interpreter -x\necho hello\n")
        let failure = try await failure(.init(executable: path))
        #expect(failure == .badInterpreter(path: path, interpreter: "/no/such/interpreter"))
        #expect(failure.description.contains("/no/such/interpreter"))
    }

    @Test func aWorkingDirectoryThatCannotBeEnteredIsTold() async throws {
        let missing = "\(folder)/nowhere"
        #expect(
            try await failure(.init(executable: "cat", workingDirectory: missing))
                == .badWorkingDirectory(path: missing, reason: "No such file or directory")
        )
        let plain = try await file("plain", "")
        #expect(
            try await failure(.init(executable: "cat", workingDirectory: plain))
                == .badWorkingDirectory(path: plain, reason: "it is not a directory")
        )
    }

    @Test func textThatNoProcessCanBeGivenIsRefusedInsteadOfCutShort() async throws {
        let commands: [ChildProcess.Command] = [
            .init(executable: "echo", arguments: ["a\0b"]),
            .init(executable: "echo", environment: ["": "x"]),
            .init(executable: "echo", environment: ["A=B": "x"]),
            .init(executable: "echo", environment: ["A": "x\0y"]),
            .init(executable: "echo", workingDirectory: "/\0"),
        ]
        for command in commands {
            guard case .unusableText = try await failure(command) else {
                Issue.record("not refused: \(command)")
                continue
            }
        }
    }

    @Test func aRelativePathIsTakenFromTheWorkingDirectory() async throws {
        _ = try await file("tool", "#!/bin/sh\npwd -P\n")
        let child = try await ObservedChild.start(.init(executable: "./tool", workingDirectory: folder))
        #expect(await child.process.ended().status == .exited(code: 0))
        let expected = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        #expect(child.lines.values.map(\.text) == [expected])
    }

    @Test func aRelativeEntryOfThePathIsTakenFromTheWorkingDirectory() async throws {
        _ = try await file("tool", "#!/bin/sh\necho found\n")
        for path in [".", "", "/nowhere:"] {
            let command = ChildProcess.Command(
                executable: "tool",
                environment: ["PATH": path],
                workingDirectory: folder
            )
            let child = try await ObservedChild.start(command)
            _ = await child.process.ended()
            #expect(child.lines.values.map(\.text) == ["found"])
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "counts descriptors in /proc"))
    func aFailedStartLeavesNoDescriptorOpen() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                func openDescriptors() throws -> Int {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
                }
                do {
                    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bare-\(UUID())").path
                    try "echo hello".write(toFile: path, atomically: false, encoding: .utf8)
                    defer { unlink(path) }
                    chmod(path, 0o755)
                    let before = try openDescriptors()
                    for _ in 0..<40 {
                        do {
                            _ = try await ObservedChild.start(.init(executable: path))
                            return 2
                        } catch SpawnFailure.badInterpreter {
                            // Tried and refused: this is the way that has pipes to close.
                        }
                    }
                    // Others in this process may have opened a few meanwhile; each of these would leave some.
                    return try openDescriptors() < before + 40 ? 0 : 3
                } catch {
                    return 4
                }
            }
        }
    }
}

import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

final class SpawnFailureTests {
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
        #expect(await writer.process.waitForExit().status == .exited(code: 0))
        return path
    }

    private func failure(_ command: ChildProcess.Command) async throws -> SpawnFailure {
        try await #require(throws: SpawnFailure.self) {
            _ = try await ObservedChild.start(command)
        }
    }

    @Test("A program that is not in PATH is reported; the PATH is a fact beside the message")
    func notInPath() async throws {
        let command = ChildProcess.Command(executable: "no-such-program", environment: ["PATH": "\(folder):/usr/bin"])
        let failure = try await failure(command)
        #expect(failure == .notFound(command: "no-such-program", searched: [folder, "/usr/bin"]))
        #expect(
            failure.description == """
                `no-such-program` was not found in PATH. \
                Install the program, correct its name, or give its full path.
                """
        )
        #expect(failure.searchedPath == "\(folder):/usr/bin")
    }

    @Test("A command line given as one name gets the right advice")
    func commandLineAsName() async throws {
        let failure = try await failure(.init(executable: "python3 server.py"))
        #expect(failure.description.hasSuffix("give what follows the name as separate arguments."))
    }

    @Test("A path that does not exist is reported")
    func missingPath() async throws {
        let path = "\(folder)/missing"
        #expect(try await failure(.init(executable: path)) == .notFound(command: path, searched: [path]))
        #expect(try await failure(.init(executable: "")) != .isDirectory(path: ""))
    }

    @Test("A directory is not a program")
    func directory() async throws {
        #expect(try await failure(.init(executable: folder)) == .isDirectory(path: folder))
    }

    @Test("A file that is not executable is reported with its mode")
    func notExecutable() async throws {
        let path = try await file("plain", "#!/bin/sh\n", mode: "644")
        let expected = SpawnFailure.notExecutable(path: path, mode: 0o644)
        #expect(try await failure(.init(executable: path)) == expected)
        #expect(try await failure(.init(executable: "plain", environment: ["PATH": folder])) == expected)
        #expect(expected.description.contains("mode 644"))
    }

    @Test("A script without an interpreter is reported")
    func noInterpreter() async throws {
        let path = try await file("bare", "echo hello\n")
        #expect(try await failure(.init(executable: path)) == .badInterpreter(path: path, interpreter: nil))
    }

    @Test("A missing interpreter is named")
    func missingInterpreter() async throws {
        let path = try await file("script", "#! /no/such/interpreter -x\necho hello\n")
        let failure = try await failure(.init(executable: path))
        #expect(failure == .badInterpreter(path: path, interpreter: "/no/such/interpreter"))
        #expect(failure.description.contains("/no/such/interpreter"))
    }

    @Test("A working directory that cannot be used is reported")
    func workingDirectory() async throws {
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

    @Test("Text that no process can be given is refused and not cut short")
    func unusableText() async throws {
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

    @Test("A refused argument or value is named but not shown, because it may be secret")
    func refusedTextIsNotShown() async throws {
        let commands: [(ChildProcess.Command, String)] = [
            (.init(executable: "echo", arguments: ["-x", "secret\0"]), "Argument 2"),
            (.init(executable: "echo", environment: ["TOKEN": "secret\0"]), "The value of the variable TOKEN"),
        ]
        for (command, subject) in commands {
            let text = try await failure(command).description
            #expect(text.hasPrefix("\(subject) contains a NUL character."), "\(text)")
            #expect(!text.contains("secret"))
        }
    }

    @Test("A named pipe as the program does not block its start")
    func namedPipe() async throws {
        let path = "\(folder)/pipe"
        #expect(mkfifo(path, 0o755) == 0)
        guard case .systemError(errno: EACCES, _) = try await failure(.init(executable: path)) else {
            Issue.record("not refused by the system")
            return
        }
    }

    @Test("A relative path is resolved against the working directory")
    func relativePath() async throws {
        _ = try await file("tool", "#!/bin/sh\npwd -P\n")
        let child = try await ObservedChild.start(.init(executable: "./tool", workingDirectory: folder))
        #expect(await child.process.waitForExit().status == .exited(code: 0))
        let expected = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        #expect(child.lines.values.map(\.text) == [expected])
    }

    @Test("A relative entry of PATH is resolved against the working directory")
    func relativePathEntry() async throws {
        _ = try await file("tool", "#!/bin/sh\necho found\n")
        for path in [".", "", "/nowhere:"] {
            let command = ChildProcess.Command(
                executable: "tool",
                environment: ["PATH": path],
                workingDirectory: folder
            )
            let child = try await ObservedChild.start(command)
            _ = await child.process.waitForExit()
            #expect(child.lines.values.map(\.text) == ["found"])
        }
    }

    @Test(
        "A failed start leaves no descriptor open",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "counts descriptors in /proc")
    )
    func failedStart() async {
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

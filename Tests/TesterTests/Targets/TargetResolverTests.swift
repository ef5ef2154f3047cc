import Foundation
import JSON
import MCPClient
import TestSupport
import Tester
import Testing
import TextUtilities

/// How a server that is named by a path gets started.
@Suite(.timeLimit(.minutes(15)))
struct TargetResolverTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    // MARK: - Python

    @Test func aFirstLineNamesTheInterpreter() throws {
        let path = try folder.write("#!/opt/python/bin/python3 -u\nprint()\n", to: "server.py")
        try folder.write("", to: ".venv/bin/python", isExecutable: true)
        let target = try resolve("server.py")
        #expect(target.command == "/opt/python/bin/python3")
        #expect(target.arguments == ["-u", path])
        #expect(target.choice == "/opt/python/bin/python3 -u (from the shebang line)")
    }

    @Test func aFirstLineWithEnvNamesTheProgramBehindIt() throws {
        let path = try folder.write("#!/usr/bin/env python3.12\r\n", to: "server.py")
        #expect(try resolve("server.py").command == "python3.12")
        #expect(try resolve("server.py").arguments == [path])
    }

    @Test func theOptionsOfEnvAreKept() throws {
        let path = try folder.write("#!/usr/bin/env -S uv run --script\n", to: "server.py")
        #expect(try resolve("server.py").command == "/usr/bin/env")
        #expect(try resolve("server.py").arguments == ["-S", "uv", "run", "--script", path])
    }

    @Test(arguments: [".venv", "venv"])
    func theNearestVirtualEnvironmentIsTakenElse(_ name: String) throws {
        try folder.write("", to: ".venv/bin/python", isExecutable: true)
        let near = try folder.write("", to: "project/\(name)/bin/python", isExecutable: true)
        let path = try folder.write("print()\n", to: "project/src/deep/server.py")
        let target = try resolve("project/src/deep/server.py")
        #expect(target.command == near)
        #expect(target.arguments == [path])
        #expect(target.choice == "\(near) (the nearest virtual environment)")
    }

    @Test func anEnvironmentWithoutAnInterpreterIsPassedOver() throws {
        let far = try folder.write("", to: ".venv/bin/python", isExecutable: true)
        try folder.write("", to: "project/.venv/bin/python", isExecutable: false)
        try folder.write("print()\n", to: "project/server.py")
        #expect(try resolve("project/server.py").command == far)
    }

    @Test func withoutBothItIsPythonOfThePath() throws {
        let path = try folder.write("print()\n", to: "server.py")
        let target = try resolve("server.py")
        #expect(target.command == "python3")
        #expect(target.arguments == [path])
        #expect(target.choice?.hasPrefix("python3") == true)
    }

    // MARK: - Others

    @Test(arguments: ["server.js", "server.mjs", "server.cjs", "SERVER.JS"])
    func aScriptOfNodeIsRunByNode(_ name: String) throws {
        let path = try folder.write("", to: name)
        #expect(try resolve(name).command == "node")
        #expect(try resolve(name).arguments == [path])
    }

    @Test func typesAreStrippedByNode() throws {
        let path = try folder.write("", to: "server.ts")
        #expect(try resolve("server.ts").command == "node")
        #expect(try resolve("server.ts").arguments == ["--experimental-strip-types", path])
    }

    @Test func anExecutableIsStartedItself() throws {
        let path = try folder.write("#!/bin/sh\n", to: "server", isExecutable: true)
        let target = try resolve("server")
        #expect(target.command == path)
        #expect(target.arguments.isEmpty)
        #expect(target.choice == nil)
        #expect(try TargetResolver(directory: folder.path).resolve("server").name == "server")
    }

    @Test func argumentsEnvironmentAndDirectoryGoAlong() throws {
        let path = try folder.write("", to: "sub/server.js")
        let target = try TargetResolver(directory: "/").resolve(
            "server.js",
            arguments: ["--x"],
            environment: ["KEY": "secret"],
            workingDirectory: folder.path("sub")
        )
        #expect(target.process?.arguments == [path, "--x"])
        #expect(target.process?.environment == ["KEY": "secret"])
        #expect(target.process?.workingDirectory == folder.path("sub"))
        #expect(!target.json.keys.contains { target.json[$0]?.description.contains("secret") == true })
        #expect(target.json["env_names"] == ["KEY"])
    }

    @Test(arguments: ["server", "./server", "././server", "sub/../server"])
    func aRelativePathBeginsAtTheDirectory(_ text: String) throws {
        try folder.write("#!/bin/sh\n", to: "server", isExecutable: true)
        try folder.write("", to: "sub/other")
        let command = try resolve(text).command
        #expect(FileManager.default.contentsEqual(atPath: command, andPath: folder.path("server")))
        #expect(command.hasPrefix("/"))
    }

    @Test func aTildeIsTheHomeFolder() throws {
        let failure = try #require(throws: Failure.self) { try resolve("~/no/such/server-\(UUID().uuidString)") }
        #expect(failure.message.contains("\(NSHomeDirectory())/no/such/server-"), "\(failure.message)")
    }

    // MARK: - Refusals

    @Test func anEmptyTargetIsRefused() throws {
        #expect(try #require(throws: Failure.self) { try resolve("") }.failureClass == .usage)
    }

    @Test func aPathThatIsNotThereIsRefused() throws {
        let failure = try #require(throws: Failure.self) { try resolve("no/such.py") }
        #expect(failure.failureClass == .spawn)
        #expect(failure.errorType == .connectionFailed)
        #expect(failure.message.contains(folder.path("no/such.py")))
        #expect(failure.nextStep.contains(folder.path))
    }

    @Test func aCommandInPlaceOfAPathIsToldApart() throws {
        let failure = try #require(throws: Failure.self) { try resolve("uvx") }
        #expect(failure.nextStep.contains("give it as the command"))
    }

    @Test("A named pipe is refused without being read, because that could wait forever")
    func namedPipe() throws {
        #expect(mkfifo(folder.path("server.py"), 0o700) == 0)
        let failure = try #require(throws: Failure.self) { try resolve("server.py") }
        #expect(failure.failureClass == .spawn)
        #expect(failure.message.hasSuffix("is a pipe, a socket or a device, not a file."))
    }

    @Test func aDirectoryIsRefused() throws {
        let failure = try #require(throws: Failure.self) { try resolve(folder.path) }
        #expect(failure.failureClass == .spawn)
        #expect(failure.message.contains("is a directory"))
    }

    @Test func aFileThatNothingRunsIsRefused() throws {
        try folder.write("", to: "server.txt")
        let failure = try #require(throws: Failure.self) { try resolve("server.txt") }
        #expect(failure.failureClass == .spawn)
        #expect(failure.nextStep.contains("chmod +x"))
    }

    // MARK: - For real

    @Test func theInterpreterOfTheVirtualEnvironmentReallyRunsTheFile() async throws {
        let python = try folder.write(
            "#!/bin/sh\nSHELL_SERVER_TEXT=\"run $1 by $0\"\n\(shellServer)\n",
            to: ".venv/bin/python",
            isExecutable: true
        )
        let file = try folder.write("this is no Python\n", to: "src/server.py")
        let session = TesterSession.stdio(era: .legacy)
        let connected = await session.connect(
            .init(target: try TargetResolver(directory: folder.path).resolve("src/server.py"))
        )
        #expect(connected.failure == nil, "\(connected.verdict)")
        #expect(connected.json["connection"]?["target"]?["interpreter"]?.string?.hasPrefix(python) == true)
        let answer = await session.callTool("any").json
        #expect(answer["tool_call"]?["result"] == .string("run \(file) by \(python)"))
        await session.close()
    }

    private func resolve(_ text: String) throws -> TargetProcess {
        try #require(try TargetResolver(directory: folder.path).resolve(text).process)
    }
}

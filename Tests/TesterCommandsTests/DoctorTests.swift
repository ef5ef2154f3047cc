import HostConfiguration
import JSON
import TestSupport
import Testing

@testable import TesterCommands

@Suite(.timeLimit(.minutes(15)))
struct DoctorTests {
    private let folder: TemporaryFolder
    private let written = Written()

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\necho Python 3.99.1\n", to: "bin/python3", isExecutable: true)
        try folder.write("#!/bin/sh\nexit 1\n", to: "bin/node", isExecutable: true)
        try folder.write("", to: "bin/claude", isExecutable: true)
        try folder.write("print()\n", to: "home/server.py")
    }

    private func context(
        variables: [String: String] = [:],
        files: [String: String] = [:],
        columns: Int? = nil
    ) throws -> CommandContext {
        var context = try CommandContext.scripted(
            written,
            variables: variables,
            files: files,
            isTerminal: columns != nil,
            columns: columns
        )
        let folder = folder
        context.surroundings = {
            HostSurroundings(home: folder.path("home"), directory: folder.path("home")) { name in
                name == "PATH" ? folder.path("bin") : variables[name]
            }
        }
        return context
    }

    private func report(_ words: [String] = [], variables: [String: String] = [:], files: [String: String] = [:])
        async throws
        -> (exit: Exit, json: JSONValue)
    {
        let context = try context(variables: variables, files: files)
        let exit = try await run(["doctor", "--json"] + words, in: context)
        return (exit, try JSONValue(parsing: written.out))
    }

    private func configure(_ text: String) throws {
        try folder.write(text, to: "home/.cursor/mcp.json")
    }

    @Test func interpretersAreFoundWithPathAndVersion() async throws {
        let (exit, json) = try await report()
        #expect(exit == .passed, "\(json)")
        let found = json["interpreters"]?.array ?? []
        #expect(
            found.first { $0["name"] == "python3" }
                == ["name": "python3", "path": .string(folder.path("bin/python3")), "version": "Python 3.99.1"]
        )
        #expect(
            found.first { $0["name"] == "node" }
                == ["name": "node", "path": .string(folder.path("bin/node")), "version": nil]
        )
        #expect(found.first { $0["name"] == "uv" } == ["name": "uv", "path": nil, "version": nil])
    }

    @Test func hostsAreFoundByTheirFilesOrTheirPrograms() async throws {
        try configure(#"{"mcpServers": {"tester": {"command": "/no/such/mcp-test-mcp"}}}"#)
        let (exit, json) = try await report()
        #expect(exit == .failed)
        let hosts = json["hosts"]?.array ?? []
        let cursor = hosts.first { $0["host"] == "cursor" }
        #expect(cursor?["found"] == true && cursor?["files"] == ["~/.cursor/mcp.json"])
        #expect(
            cursor?["entries"] == [
                [
                    "name": "tester", "source": "~/.cursor/mcp.json:1", "command": "/no/such/mcp-test-mcp",
                    "exists": false,
                ]
            ]
        )
        #expect(hosts.first { $0["host"] == "claude-code" }?["found"] == true)
        #expect(hosts.first { $0["host"] == "zed" }?["found"] == false)
        #expect(json["problems"]?.array?.count == 1, "\(json)")
        #expect(json["problems"]?[0]?["about"] == "cursor:tester")
    }

    @Test func whatWouldBeStartedIsShownExactlyAndNothingStarts() async throws {
        try configure(
            #"""
            {"mcpServers": {
              "good": {"command": "python3", "args": ["server.py", "--token", "s3cret-arg"], "env": {"API_KEY": "s3cret-env"}},
              "web": {"url": "https://me:s3cret-pw@h.test/mcp?token=s3cret-query", "headers": {"X-Key": "s3cret-head"}}
            }}
            """#
        )
        let (exit, json) = try await report()
        #expect(exit == .passed, "\(json)")
        let good = json["targets"]?.array?.first { $0["name"] == "cursor:good" }
        #expect(good?["command"] == "python3")
        #expect(good?["args"]?[0] == "server.py")
        #expect(good?["program"]?.string == folder.path("bin/python3"))
        #expect(good?["cwd"]?.string == folder.path("home"))
        #expect(good?["env_names"] == ["API_KEY"])
        let web = json["targets"]?.array?.first { $0["name"] == "cursor:web" }
        #expect(web?["header_names"] == ["X-Key"])
        #expect(!written.out.contains("s3cret"), "\(written.out)")
    }

    @Test func eachProblemHasOneFixAndProblemsComeFirst() async throws {
        try configure(
            #"""
            {"mcpServers": {
              "typo": {"command": "pyhton3", "args": ["server.py"]},
              "gone": {"command": "python3", "args": ["missing.py"]},
              "unset": {"command": "python3", "env": {"TOKEN": "${env:NO_SUCH_TOKEN}"}}
            }}
            """#
        )
        try folder.write("{ broken", to: "home/.codeium/windsurf/mcp_config.json")
        let (exit, json) = try await report()
        #expect(exit == .failed)
        let problems = json["problems"]?.array ?? []
        #expect(problems.count == 4, "\(json)")
        func fix(_ about: String) -> String? { problems.first { $0["about"]?.string == about }?["fix"]?.string }
        #expect(fix("cursor:typo")?.contains("python3") == true, "\(problems)")
        #expect(fix("cursor:gone")?.contains("Correct the path") == true, "\(problems)")
        #expect(fix("cursor:unset")?.contains("TOKEN") == true, "\(problems)")
        #expect(fix("Windsurf") != nil, "\(problems)")
        #expect(json["verdict"]?.string?.hasPrefix("FAIL: ") == true)
        #expect(json["success"] == false)
        #expect(json.object?.members.dropFirst(2).first?.key == "problems")
    }

    @Test func givenTargetsReplaceTheConfiguredOnes() async throws {
        try configure(#"{"mcpServers": {"typo": {"command": "pyhton3"}}}"#)
        let (_, json) = try await report([folder.path("home/server.py"), "demo", "https://h.test/mcp"])
        let targets = json["targets"]?.array ?? []
        #expect(targets.count == 3)
        #expect(targets[0]["command"] == "python3")
        #expect(targets[0]["interpreter"]?.string?.contains("no virtual environment") == true)
        #expect(targets[1]["args"] == ["demo"])
        #expect(targets[2]["url"] == "https://h.test/mcp")
        #expect(json["problems"]?.array?.allSatisfy { $0["about"] == "demo" } == true, "the program is a scripted one")
    }

    @Test func aGivenTargetThatDoesNotExistIsAProblem() async throws {
        let (exit, json) = try await report([folder.path("nothing.py"), "@unknown"])
        #expect(exit == .failed)
        #expect(json["problems"]?.array?.count == 2, "\(json)")
    }

    @Test func settingsAreShownWithTheirSourceAndWithoutSecrets() async throws {
        let (_, json) = try await report(
            variables: [
                "MCP_TEST_LOG_LEVEL": "DEBUG", "LLM_API_KEY": "s3cret-key", "LLM_URL": "https://u:s3cret-pw@m.test",
            ],
            files: [".env": "MCP_TEST_TOOLS=core\nMCP_TEST_HOST=0.0.0.0\nMCP_TEST_LOG_LEVEL=INFO\n"]
        )
        let settings = json["settings"]?.array ?? []
        #expect(settings.contains(["name": "MCP_TEST_LOG_LEVEL", "value": "DEBUG", "source": "the environment"]))
        #expect(settings.contains(["name": "MCP_TEST_TOOLS", "value": "core", "source": ".env"]))
        #expect(settings.contains(["name": "LLM_API_KEY", "value": "(secret)", "source": "the environment"]))
        #expect(!settings.contains { $0["name"] == "MCP_TEST_HOST" })
        #expect(json["notes"]?.array?.contains { $0.string?.contains("Ignored MCP_TEST_HOST") ?? false } == true)
        #expect(!written.out.contains("s3cret"), "\(written.out)")
    }

    @Test func atATerminalProblemsFollowTheVerdict() async throws {
        try configure(#"{"mcpServers": {"typo": {"command": "pyhton3"}}}"#)
        #expect(try await run(["doctor", "--color", "never"], in: context(columns: 60)) == .failed)
        let text = written.out
        #expect(text.hasPrefix("FAIL: cursor:typo: "), "\(text)")
        let problems = try #require(text.firstRange(of: "\nProblems (1)\n"))
        let program = try #require(text.firstRange(of: "\nThis program\n"))
        #expect(problems.lowerBound < program.lowerBound)
        #expect(text.contains("\n    Fix: "))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(text)")
    }
}

import HostConfiguration
import JSON
import MCPHTTPClient
import TestSupport
import Testing

@testable import Tester

@Suite struct ConfiguredTargetsTests {
    private let folder: TemporaryFolder
    private var surroundings: HostSurroundings {
        HostSurroundings(home: folder.path("home"), directory: folder.path("home")) { [folder] name in
            ["PATH": folder.path("bin"), "TOKEN": "t0ken-value"][name]
        }
    }

    init() throws {
        folder = try TemporaryFolder()
        for program in ["npx", "uvx"] { try folder.write("", to: "bin/\(program)", isExecutable: true) }
    }

    private func cursor(_ servers: String) throws {
        try folder.write(#"{"mcpServers": {\#(servers)}}"#, to: "home/.cursor/mcp.json")
    }

    private func refusal(_ name: String?, config: String? = nil) -> Failure? {
        do throws(Failure) {
            _ = try ConfiguredTargets(config: config, in: surroundings).target(name)
            return nil
        } catch {
            return error
        }
    }

    @Test func aProgramIsStartedAsConfigured() throws {
        try cursor(#""a": {"command": "npx", "args": ["-y", "x"], "env": {"KEY": "${env:TOKEN}"}}"#)
        for name in ["a", "cursor:a", "A"] {
            let target = try ConfiguredTargets(in: surroundings).target(name).target
            #expect(target.name == "cursor:a")
            #expect(target.origin == "~/.cursor/mcp.json:1")
            #expect(target.process?.command == "npx")
            #expect(target.process?.arguments == ["-y", "x"])
            #expect(target.process?.environment == ["KEY": "t0ken-value"])
        }
    }

    @Test func aURLIsReachedAsConfiguredAndGivenPartsReplaceIt() throws {
        try cursor(
            #""a": {"type": "sse", "url": "https://h/x?token=abcd", "headers": {"X-A": "1", "Authorization": "Bearer ${env:NONE}"}}"#
        )
        let replacements = ConfiguredTargets.Replacements(
            endpoint: HTTPEndpoint(url: "", headers: [HTTPField("x-a", "2")]),
            hasToken: true
        )
        let target = try ConfiguredTargets(in: surroundings).target("a", replacing: replacements).target
        #expect(target.endpoint?.url == "https://h/x?token=abcd")
        #expect(target.endpoint?.transport == .sse)
        #expect(target.endpoint?.headers == [HTTPField("x-a", "2")])
        #expect(!"\(target.json)".contains("abcd"))
    }

    @Test func anUnknownNameGetsTheNearestOne() throws {
        try cursor(#""github": {"command": "npx"}, "files": {"command": "npx"}"#)
        let failure = try #require(refusal("githb"))
        #expect(failure.message == "No configured server is named \"githb\".")
        #expect(failure.nextStep == "Did you mean \"github\"? Configured servers: github, files.")
    }

    @Test func aNameOfTwoHostsHasToBeQualified() throws {
        try cursor(#""a": {"command": "npx"}"#)
        try folder.write("[mcp_servers.a]\ncommand = 'uvx'\n", to: "home/.codex/config.toml")
        let failure = try #require(refusal("a"))
        #expect(failure.message == "2 hosts have a server named \"a\": Cursor, Codex.")
        #expect(failure.nextStep.contains("cursor:a (~/.cursor/mcp.json:1) or codex:a (~/.codex/config.toml:1)"))
        #expect(try ConfiguredTargets(in: surroundings).target("codex:a").target.process?.command == "uvx")
    }

    @Test func aMissingVariableIsNamedWithItsPlace() throws {
        try cursor(#""a": {"url": "https://h/", "headers": {"Authorization": "Bearer ${env:NONE}"}}"#)
        let failure = try #require(refusal("a"))
        #expect(failure.errorType == .connectionFailed)
        #expect(
            failure.message.contains(
                "`${env:NONE}` (headers.Authorization): the variable NONE is not set (~/.cursor/mcp.json:1)"
            )
        )
        #expect(failure.nextStep.contains("the header Authorization"))
    }

    @Test func aProgramThatDoesNotExistGetsTheNearestOne() throws {
        try cursor(#""a": {"command": "nxp"}"#)
        let failure = try #require(refusal("a"))
        #expect(failure.failureClass == .spawn)
        #expect(failure.message.contains("`nxp` was not found in PATH (~/.cursor/mcp.json:1)"))
        #expect(failure.nextStep.contains("Did you mean `npx`?"))
    }

    @Test func aWrongEntryIsRefusedWithItsPlace() throws {
        try cursor(#""a": {"command": "npx", "args": "x"}"#)
        #expect(
            refusal("a")?.message.contains("`args`: expected an array of strings, got a string (~/.cursor/mcp.json:1:")
                == true
        )
    }

    @Test func aBrokenFileIsMentionedIfTheNameIsNotFound() throws {
        try cursor(#""a": {"command": "npx" "args": []}"#)
        try folder.write("[mcp_servers.b]\ncommand = 'uvx'\n", to: "home/.codex/config.toml")
        #expect(refusal("a")?.message.contains("Could not read ~/.cursor/mcp.json:1:") == true)
        #expect(refusal("b") == nil)
    }

    @Test func aGivenFileNeedsNoNameIfItHasOneServer() throws {
        let one = try folder.write(#"{"servers": {"a": {"command": "npx"}}}"#, to: "home/one.json")
        let two = try folder.write(
            #"{"servers": {"a": {"command": "npx"}, "b": {"command": "npx"}}}"#,
            to: "home/two.json"
        )
        #expect(try ConfiguredTargets(config: one, in: surroundings).target(nil).target.name == "file:a")
        #expect(refusal(nil, config: two)?.nextStep == "Give one of: a, b.")
        #expect(refusal("a", config: "none.json")?.message == "~/none.json does not exist.")
        #expect(refusal("a")?.message.hasPrefix("No server is configured in the configuration files of") == true)
    }

    @Test func theListShowsNamesPlacesAndProblemsAndNoValues() throws {
        try cursor(
            """
            "a": {"command": "nxp", "args": ["--api-key", "s3cret-arg", "${env:TOKEN}"], "env": {"A_KEY": "s3cret-env"}},
            "b": {"url": "https://u:s3cret-pw@h/?token=s3cret-q", "headers": {"X-A": "s3cret-h", "B": "${env:NONE}"}, "disabled": true}
            """
        )
        try folder.write("x = ", to: "home/.codex/config.toml")
        let report = ConfiguredTargets(in: surroundings).report()
        let text = report.structured.description
        #expect(!text.contains("s3cret") && !text.contains("t0ken-value"))
        let servers = try #require(report.structured.value()["servers"]?.array)
        #expect(servers[0]["args"] == ["--api-key", "‹redacted:argument›", "${env:TOKEN}"])
        #expect(servers[0]["env_names"] == ["A_KEY"])
        #expect(servers[0]["problems"] == ["`nxp` was not found; did you mean `npx`?"])
        #expect(servers[1]["source"] == "~/.cursor/mcp.json:2")
        #expect(servers[1]["disabled"] == true)
        #expect(servers[1]["problems"] == ["headers.B: `${env:NONE}`: the variable NONE is not set"])
        let broken = report.structured.value()["files"]?[1]
        #expect(broken?["error"] == "expected a value after `=`")
        #expect(broken?["line"] == 1 && broken?["column"] == 5)
        #expect(broken?["excerpt"] == "x = \n    ^")
        #expect(report.verdict.hasSuffix("2 with problems; 1 file cannot be read"))
    }

    @Test func withoutFilesTheListSaysWhereItLooked() throws {
        let report = ConfiguredTargets(in: surroundings).report()
        #expect(report.verdict == "PASS: no configuration file of a known host was found")
        #expect(report.structured.value()["looked_in"]?.array?.contains("~/.cursor/mcp.json") == true)
    }
}

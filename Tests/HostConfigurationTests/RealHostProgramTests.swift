import HostConfiguration
import JSON
import TestSupport
import Testing

/// The hosts that PyPI has read what we write, and we read what they write.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct RealHostProgramTests {
    private static var codex: String { TestPeers.hosts.packageFile("codex_cli_bin/bin/codex") }
    private static var claude: String { TestPeers.hosts.packageFile("claude_agent_sdk/_bundled/claude") }
    private let entry = ServerEntry(name: "mcp-test-mcp", command: "/bin/cat", arguments: ["a \"b\"", "ü"])

    private func install(_ host: String, _ machine: Machine) throws {
        let host = try HostConfigurationTests.host(host)
        let installation = try #require(Installation(host, entry, in: machine.surroundings))
        try installation.carryOut(try installation.plan(.add))
    }

    @Test(.enabled(if: TestPeers.hosts.isAvailable, .init(rawValue: TestPeers.absence)))
    func codexReadsOurEntryAndWeReadItsOwn() throws {
        let machine = try Machine()
        let environment = ["HOME": machine.home, "CODEX_HOME": "\(machine.home)/.codex"]
        func codex(_ arguments: String...) throws -> String {
            try output(of: Self.codex, ["mcp"] + arguments, environment: environment, in: machine.home)
        }
        try machine.folder.write("# mine\nmodel = \"x\"\n", to: "home/.codex/config.toml")
        try install("codex", machine)
        let seen = try JSONValue(parsing: try codex("get", "mcp-test-mcp", "--json"))
        #expect(seen["transport"]?["command"] == "/bin/cat")
        #expect(seen["transport"]?["args"] == ["a \"b\"", "ü"])

        _ = try codex("add", "theirs", "--env", "K=v w", "--", "prog", "x y")
        _ = try codex("add", "web", "--url", "https://x.test/mcp", "--bearer-token-env-var", "TOK")
        let servers = machine.scan().servers
        #expect(Set(servers.map(\.name)) == ["mcp-test-mcp", "theirs", "web"])
        let theirs = try #require(servers.first { $0.name == "theirs" })
        #expect(theirs.command == "prog" && theirs.arguments == ["x y"])
        #expect(theirs.environment.map(\.value) == ["v w"])
        #expect(servers.first { $0.name == "web" }?.variableHeaders.map(\.variable) == ["TOK"])
        #expect(servers.flatMap(\.problems).isEmpty)
    }

    @Test(.enabled(if: TestPeers.hosts.isAvailable, .init(rawValue: TestPeers.absence)))
    func claudeCodeReadsOurEntryAndWeReadItsOwn() throws {
        let machine = try Machine()
        let environment = ["HOME": machine.home, "CLAUDE_CONFIG_DIR": "", "DISABLE_AUTOUPDATER": "1"]
        func claude(_ arguments: String...) throws -> String {
            try output(of: Self.claude, ["mcp"] + arguments, environment: environment, in: machine.project)
        }
        try install("claude-code", machine)
        let seen = try claude("get", "mcp-test-mcp")
        #expect(seen.contains("Command: /bin/cat") && seen.contains("User config"), "\(seen)")

        _ = try claude(
            "add-json",
            "mine",
            #"{"type":"stdio","command":"prog","args":["x y"],"env":{"K":"v"}}"#,
            "-s",
            "local"
        )
        _ = try claude("add", "--transport", "sse", "team", "https://x.test/sse", "-s", "project", "--header", "X-A: b")
        let servers = machine.scan().servers
        let scopes = servers.map { "\($0.name) \($0.scope?.rawValue ?? "")" }
        #expect(Set(scopes).isSuperset(of: ["mcp-test-mcp user", "mine local", "team project"]), "\(scopes)")
        let mine = try #require(servers.first { $0.name == "mine" })
        #expect(mine.command == "prog" && mine.arguments == ["x y"])
        #expect(servers.first { $0.name == "team" }?.transport == .sse)
        #expect(servers.flatMap(\.problems).isEmpty)
    }
}

import HostConfiguration
import JSON
import MCPHTTPClient
import TestSupport
import Tester
import Testing

/// `list_configured_servers`, and `connect_to_server` with a name.
@Suite(.timeLimit(.minutes(15)))
struct ConfiguredServerTests {
    private let folder: TemporaryFolder
    private let tester: TesterUnderTest

    init() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "bin/npx", isExecutable: true)
        try folder.write(
            """
            {"mcpServers": {
              "files": {"command": "npx", "args": ["-y", "files", "--token", "s3cret-arg"], "env": {"A_KEY": "s3cret-env"}},
              "web": {"url": "https://h.test/mcp", "headers": {"X-Key": "${env:WEB_KEY}"}}
            }}
            """,
            to: "home/.cursor/mcp.json"
        )
        try folder.write(#"{"mcpServers": {"only": {"command": "npx"}}}"#, to: "other.json")
        self.folder = folder
        let surroundings = HostSurroundings(home: folder.path("home"), directory: folder.path) { name in
            ["PATH": folder.path("bin"), "WEB_KEY": "s3cret-web-key"][name]
        }
        tester = try TesterUnderTest(surroundings: surroundings)
    }

    @Test func configuredServersAreListedWithoutTheirSecrets() async throws {
        let answer = try await TesterHost(tester).answer("list_configured_servers")
        #expect(answer["success"] == true, "\(answer)")
        #expect(answer["servers"]?.array?.map { $0["name"] } == ["files", "web"])
        #expect(answer["servers"]?[0]?["source"] == "~/.cursor/mcp.json:2")
        #expect(answer["metadata"]?["total_servers"] == 2)
        #expect(!answer.description.contains("s3cret"))
    }

    @Test func aServerIsConnectedToByItsName() async throws {
        let host = try await TesterHost(tester)
        let answer = try await host.answer("connect_to_server", ["server": "files", "env": ["B": "2"]])
        #expect(answer["success"] == true, "\(answer)")
        #expect(answer["connection"]?["server_url"] == "cursor:files")
        #expect(answer["connection"]?["target"]?["configured_in"] == "~/.cursor/mcp.json:2")
        #expect(!answer.description.contains("s3cret"))
        let process = try #require(try tester.target.process)
        #expect(process.arguments == ["-y", "files", "--token", "s3cret-arg"])
        #expect(process.environment == ["A_KEY": "s3cret-env", "B": "2"])

        _ = try await host.answer("connect_to_server", ["server": "cursor:web", "auth": "t0ken"])
        let endpoint = try #require(try tester.target.endpoint)
        #expect(endpoint.url == "https://h.test/mcp")
        #expect(endpoint.headers == [HTTPField("X-Key", "s3cret-web-key"), HTTPField("Authorization", "Bearer t0ken")])
    }

    @Test func aGivenFileNeedsNoName() async throws {
        let answer = try await TesterHost(tester).answer("connect_to_server", ["config": "other.json"])
        #expect(answer["connection"]?["server_url"] == "file:only", "\(answer)")
    }

    @Test func anUnknownNameIsAnsweredWithTheNearestOne() async throws {
        let answer = try await TesterHost(tester).answer("connect_to_server", ["server": "file"])
        #expect(answer["success"] == false)
        #expect(answer["error"]?["suggestion"]?.string?.contains("Did you mean \"files\"?") == true, "\(answer)")
    }

    @Test(arguments: ["url", "command", "args"])
    func aNameAndAnotherTargetExcludeEachOther(_ other: String) async throws {
        let value: JSONValue = other == "args" ? ["x"] : "x"
        let answer = try await TesterHost(tester).answer("connect_to_server", ["server": "files", other: value])
        #expect(answer["error"]?["message"]?.string == "`server` and `\(other)` exclude each other.")
    }
}

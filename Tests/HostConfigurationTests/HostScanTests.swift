import HostConfiguration
import TestSupport
import Testing

@Suite struct HostScanTests {
    /// One file of each host, as its documentation shows it.
    private func machine() throws -> Machine {
        var machine = try Machine()
        machine.variables = ["HOME": machine.home, "TOKEN": "secret-token", "CODEX_TOKEN": "codex-token"]
        let folder = machine.folder
        try folder.write(
            #"{"mcpServers": {"files": {"command": "npx", "args": ["-y", "server-filesystem", "/tmp"]}}}"#,
            to: "home/.config/Claude/claude_desktop_config.json"
        )
        try folder.write(
            """
            {
              "numStartups": 3,
              "projects": {
                "\(machine.project)": {"mcpServers": {"local-only": {"type": "stdio", "command": "cat"}}},
                "/elsewhere": {"mcpServers": {"other-project": {"command": "cat"}}}
              },
              "mcpServers": {"mine": {"type": "sse", "url": "https://x.test/sse"}}
            }
            """,
            to: "home/.claude.json"
        )
        try folder.write(
            #"{"mcpServers": {"api": {"type": "http", "url": "${BASE:-https://api.test}/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}}}}"#,
            to: "home/work/app/.mcp.json"
        )
        try folder.write(
            "{\"mcpServers\": {\"cur\": {\"command\": \"${workspaceFolder}/run\", \"args\": [\"${userHome}\", \"${/}\"], \"env\": {\"T\": \"${env:TOKEN}\"}}}}",
            to: "home/work/app/.cursor/mcp.json"
        )
        try folder.write(
            """
            {
              // comment
              "inputs": [{"type": "promptString", "id": "key", "description": "The API key", "password": true}],
              "servers": {
                "pplx": {"type": "stdio", "command": "npx", "args": ["x"], "env": {"KEY": "${input:key}"}, "envFile": "${workspaceFolder}/.env",},
              },
            }
            """,
            to: "home/work/app/.vscode/mcp.json"
        )
        try folder.write("FROM_FILE='a b'\n", to: "home/work/app/.env")
        try folder.write(
            #"{"editor.fontSize": 12, "mcp": {"servers": {"old": {"command": "cat"}}}}"#,
            to: "home/.config/Code/User/settings.json"
        )
        try folder.write(
            #"{"mcpServers": {"surf": {"serverUrl": "https://s.test/mcp", "headers": {"K": "${file:~/key}"}}}}"#,
            to: "home/.codeium/windsurf/mcp_config.json"
        )
        try folder.write("file-secret\n", to: "home/key")
        try folder.write(
            """
            [mcp_servers.remote]
            url = "https://c.test/mcp"
            bearer_token_env_var = "CODEX_TOKEN"
            http_headers = { "X-A" = "b" }
            [mcp_servers.local]
            command = "cat"
            enabled = false
            env_vars = ["TOKEN"]
            """,
            to: "home/.codex/config.toml"
        )
        try folder.write(
            #"{"mcpServers": {"gem": {"command": "cat", "args": ["$TOKEN", "${HOME}"], "cwd": "./sub"}, "gemsse": {"url": "http://127.0.0.1:1/sse"}}}"#,
            to: "home/work/app/.gemini/settings.json"
        )
        try folder.write(
            #"{"context_servers": {"zed1": {"command": "cat", "args": []}, "ext": {"settings": {}}, "old": {"command": {"path": "cat", "args": ["-u"]}}}}"#,
            to: "home/.config/zed/settings.json"
        )
        return machine
    }

    @Test func theServersOfEveryHostAreFound() throws {
        let scan = try machine().scan()
        #expect(scan.files.allSatisfy { $0.fault == nil })
        #expect(
            scan.servers.map(\.qualifiedName) == [
                "claude-desktop:files", "claude-code:local-only", "claude-code:api", "claude-code:mine", "cursor:cur",
                "vscode:pplx", "vscode:old", "windsurf:surf", "codex:remote", "codex:local", "gemini-cli:gem",
                "gemini-cli:gemsse", "zed:zed1", "zed:ext", "zed:old",
            ]
        )
        #expect(
            scan.servers.flatMap(\.problems).map(\.message) == [
                "it is provided by an extension of Zed and has no command here"
            ]
        )
    }

    @Test func theFilesOfMacOSAreInItsOwnFolder() throws {
        var machine = try Machine()
        machine.isMac = true
        for path in ["Claude/claude_desktop_config.json", "Code/User/mcp.json"] {
            try machine.folder.write("{}", to: "home/Library/Application Support/\(path)")
        }
        #expect(machine.scan().files.map(\.hostID) == ["claude-desktop", "vscode"])
    }

    @Test func referencesAreReplacedAsTheHostDoes() throws {
        let machine = try machine()
        let servers = machine.scan().servers
        func resolved(_ name: String) throws -> ResolvedServer {
            ResolvedServer(try #require(servers.first { $0.qualifiedName == name }), in: machine.surroundings)
        }
        let api = try resolved("claude-code:api")
        #expect(api.url == "https://api.test/mcp")
        #expect(api.headers.map(\.value) == ["Bearer secret-token"])
        let cursor = try resolved("cursor:cur")
        #expect(cursor.command == "\(machine.project)/run")
        #expect(cursor.arguments == [machine.home, "/"])
        #expect(cursor.environment == ["T": "secret-token"])
        #expect(cursor.workingDirectory == machine.project)
        #expect(try resolved("windsurf:surf").headers.map(\.value) == ["file-secret"])
        let codex = try resolved("codex:remote")
        #expect(codex.headers.map { "\($0.name): \($0.value)" } == ["X-A: b", "Authorization: Bearer codex-token"])
        #expect(try resolved("codex:local").environment == ["TOKEN": "secret-token"])
        let gemini = try resolved("gemini-cli:gem")
        #expect(gemini.arguments == ["secret-token", machine.home])
        #expect(gemini.workingDirectory == "\(machine.project)/sub")
        #expect(try resolved("zed:old").arguments == ["-u"])
        for name in ["claude-code:api", "cursor:cur", "windsurf:surf", "codex:remote", "gemini-cli:gem"] {
            #expect(try resolved(name).missing.isEmpty, "\(name)")
        }
    }

    @Test func anInputThatOnlyTheHostKnowsIsNamedUnlessItsVariableIsGiven() throws {
        let machine = try machine()
        let server = try #require(machine.scan().servers.first { $0.name == "pplx" })
        let resolved = ResolvedServer(server, in: machine.surroundings)
        #expect(resolved.missing.map(\.reference) == ["${input:key}"])
        #expect(resolved.missing.first?.part == "env.KEY")
        #expect(resolved.missing.first?.reason.contains("The API key") == true)
        let given = ResolvedServer(server, in: machine.surroundings, replacing: ["KEY"])
        #expect(given.missing.isEmpty)
        #expect(given.environment == ["FROM_FILE": "a b"])
    }

    @Test func aVariableThatIsNotSetIsNamed() throws {
        var machine = try machine()
        machine.variables["TOKEN"] = nil
        let missing = machine.scan().servers.flatMap { ResolvedServer($0, in: machine.surroundings).missing }
        #expect(
            missing.map { "\($0.part) \($0.reference) \($0.reason)" }.filter { $0.contains("TOKEN") } == [
                "headers.Authorization ${TOKEN} the variable TOKEN is not set",
                "env.T ${env:TOKEN} the variable TOKEN is not set",
                "args[0] $TOKEN the variable TOKEN is not set",
            ]
        )
    }

    @Test func formsThatTheHostDoesNotReplaceStayAndAreReported() throws {
        let machine = try Machine()
        try machine.folder.write(
            #"{"mcpServers": {"a": {"command": "cat", "args": ["${HOME}", "$HOME", "100$", "${"]}}}"#,
            to: "home/.config/Claude/claude_desktop_config.json"
        )
        let resolved = ResolvedServer(try #require(machine.scan().servers.first), in: machine.surroundings)
        #expect(resolved.arguments == ["${HOME}", "$HOME", "100$", "${"])
        #expect(resolved.literal.map(\.reference) == ["${HOME}", "$HOME"])
    }

    @Test func wrongTypesAndMisspelledKeysAreReportedWithTheirPlace() throws {
        let machine = try Machine()
        try machine.folder.write(
            """
            {"mcpServers": {
              "a": {"command": "x", "args": "y"},
              "b": {"command": 3},
              "c": {"comand": "x"},
              "d": {"url": "x.test"},
              "e": [],
              "f": {"command": "x", "env": {"PORT": 80}, "arg": []},
              "g": {},
              "f": {"command": "y", "type": "stdio"}
            }}
            """,
            to: "home/work/app/.mcp.json"
        )
        let problems = machine.scan().servers.flatMap { server in
            server.problems.map { "\(server.name) \($0.place) \($0.isFatal ? "!" : "")\($0.message)" }
        }
        #expect(
            problems == [
                "a 2:33 !`args`: expected an array of strings, got a string",
                "b 3:20 !`command`: expected a string, got a number",
                "c 4:9 !it has neither `command` nor `url`; did you mean `command` instead of `comand`?",
                "d 5:16 !the URL does not begin with http:// or https://",
                "e 6:8 !expected an object, got an array",
                "g 8:3 !it has neither `command` nor `url`",
                "f 9:3 `f` is defined twice in this file; this one counts",
            ]
        )
    }

    @Test func commentsAreReportedWhereTheHostRejectsThem() throws {
        let machine = try Machine()
        try machine.folder.write("{\"mcpServers\": {\"a\": {\"command\": \"cat\"},}}", to: "home/work/app/.mcp.json")
        try machine.folder.write("{\"mcpServers\": {\"a\": {\"command\": \"cat\"},}}", to: "home/.cursor/mcp.json")
        let problems = machine.scan().servers.map { $0.problems.map(\.message) }
        #expect(problems == [["Claude Code rejects this file because of a trailing comma at 1:40"], []])
    }

    @Test func aBrokenFileIsReportedAndTheOthersAreRead() throws {
        let machine = try machine()
        try machine.folder.write(
            "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"cat\" \"args\": []}\n  }\n}",
            to: "home/.cursor/mcp.json"
        )
        try machine.folder.write("[mcp_servers.x]\ncommand = cat\n", to: "home/work/app/.codex/config.toml")
        let scan = machine.scan()
        let faults = scan.files.compactMap { file in
            file.fault.map { "\(file.hostID) \($0.place.map(String.init(describing:)) ?? "")" }
        }
        #expect(faults == ["cursor 3:27", "codex 2:11"])
        #expect(scan.servers.count == 15)
    }

    @Test(arguments: ["", "\u{FEFF}", "// nothing", "null", "{}", "{\"mcpServers\": {}}"])
    func aFileWithoutServersIsNotAFault(_ text: String) throws {
        let machine = try Machine()
        try machine.folder.write(text, to: "home/.cursor/mcp.json")
        let scan = machine.scan()
        #expect(scan.files.map(\.fault) == [nil])
        #expect(scan.servers.isEmpty)
    }

    @Test func aFileWithByteOrderMarkAndWindowsLineEndingsIsRead() throws {
        let machine = try Machine()
        try machine.folder.write(
            "\u{FEFF}{\r\n  \"mcpServers\": {\r\n    \"a\": {\"command\": \"cat\"}\r\n  }\r\n}\r\n",
            to: "home/.cursor/mcp.json"
        )
        #expect(machine.scan().servers.map(\.place.description) == ["3:5"])
    }

    @Test func ofTwoDefinitionsOfAHostTheMoreSpecificOneCounts() throws {
        let machine = try Machine()
        for path in ["home/.cursor/mcp.json", "home/work/app/.cursor/mcp.json"] {
            try machine.folder.write(#"{"mcpServers": {"a": {"command": "cat"}}}"#, to: path)
        }
        let servers = machine.scan().servers
        #expect(servers.map(\.scope) == [.project, .user])
        #expect(servers.map(\.shadowedBy) == [nil, "~/work/app/.cursor/mcp.json:1"])
    }

    @Test func inTheHomeDirectoryTheUsersFileIsReadOnce() throws {
        let machine = try Machine()
        try machine.folder.write(#"{"mcpServers": {"a": {"command": "cat"}}}"#, to: "home/.cursor/mcp.json")
        let surroundings = HostSurroundings(home: machine.home, directory: machine.home) { _ in nil }
        #expect(HostScan(in: surroundings).servers.map(\.scope) == [.user])
    }

    @Test func filesAboveTheRepositoryAreNotTheProjects() throws {
        let machine = try Machine()
        try machine.folder.write(#"{"mcpServers": {"a": {"command": "cat"}}}"#, to: "home/work/.mcp.json")
        #expect(machine.scan().servers.isEmpty)
    }

    @Test(arguments: [
        (#"{"mcpServers": {"a": {"command": "x"}}}"#, "servers.json"),
        (#"{"servers": {"a": {"command": "x"}}}"#, "x/mcp.json"),
        ("[mcp_servers.a]\ncommand = 'x'", "some.toml"), (#"{"servers": {"a": {"command": "x"}}}"#, ".vscode/mcp.json"),
    ])
    func aGivenFileIsReadInAnyForm(_ text: String, _ path: String) throws {
        let machine = try Machine()
        try machine.folder.write(text, to: "home/work/app/src/\(path)")
        let scan = HostScan(path, in: machine.surroundings)
        #expect(scan.servers.map(\.name) == ["a"])
        #expect(scan.servers.map(\.hostID) == [path.hasPrefix(".vscode") ? "vscode" : "file"])
    }

    @Test func aGivenFileWithoutServersSaysWhereTheyWouldBe() throws {
        let machine = try Machine()
        let path = try machine.folder.write(#"{"a": 1}"#, to: "home/x.json")
        let message = HostScan(path, in: machine.surroundings).files.first?.fault?.message
        #expect(message?.contains("expected `mcpServers`, `servers`") == true)
    }

    @Test func aProgramThatDoesNotExistGetsASuggestion() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "bin/python3", isExecutable: true)
        try folder.write("", to: "bin/uvx", isExecutable: true)
        func search(_ command: String) -> CommandSearch {
            CommandSearch(command, path: folder.path("bin"), directory: folder.path)
        }
        #expect(search("python3").isFound)
        #expect(search("bin/uvx").isFound)
        #expect(search("python").suggestion == "python3")
        #expect(search("pyhton3").suggestion == "python3")
        #expect(search("/opt/uvx").suggestion == folder.path("bin/uvx"))
        #expect(search("uvz").suggestion == "uvx")
        #expect(search("something-else").suggestion == nil)
    }

    @Test(arguments: ["claude-desktop", "Claude Desktop", "claude", "VSCODE", "vs-code", "gemini", "codex", "zed"])
    func aHostIsFoundByItsNames(_ name: String) {
        #expect(Host.named(name) != nil)
    }
}

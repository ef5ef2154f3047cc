import JSON
import TestSupport
import Testing

/// Twenty secrets are given in every way there is, and a server repeats all of them: none is in any output.
@Suite(.timeLimit(.minutes(15)), .enabled(if: FaultyServer.isAvailable, "Python 3.10 is not installed"))
struct SecretTests {
    /// Secrets by the way in which they are given.
    private static let inherited = [
        "GITHUB_TOKEN": "planted-01-inherited", "AWS_SECRET_ACCESS_KEY": "planted/02+inherited=",
        "LLM_API_KEY": "planted-03-model-key", "MCP_TEST_AUTH_TOKEN": "planted-04-default-token",
        "PROXY_URL": "http://proxy:planted-05-proxy@127.0.0.1/",
    ]
    private static let given: JSONValue = [
        "A_TOKEN": "planted-06-env", "DB_PASSWORD": "planted \"07\" \\ env é",
        "DATABASE_URL": "postgres://u:planted-08-url@h/d",
    ]
    private static let arguments = [
        "--api-key", "planted-09-option", "--token=planted-10-option",
        "https://u:planted-11-url@h/?access_token=planted-12-query",
        "--header", "Authorization: Bearer planted-13-header",
    ]
    private static let callArguments: JSONValue = [
        "user": "visible-user", "password": "planted-14-call", "nested": ["list": [["api_key": "planted-15-call"]]],
        "url": "https://u:planted-16-call@h/",
    ]
    private static let headers: JSONValue = ["X-Api-Key": "planted-17-header", "X-Tenant-Name": "planted-18-tenant"]
    private static let token = "planted-19-token"
    private static let callHeaders: JSONValue = ["X-Call-Key": "planted-20-call-header"]

    /// Every occurrence of the number of a secret, in whatever form.
    private static func planted(in text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let place = rest.firstRange(of: "planted") {
            found.append(String(rest[place.lowerBound...].prefix(30)))
            rest = rest[place.upperBound...]
        }
        return found
    }

    private func server(_ arguments: [String] = []) -> [String] {
        ["-S", "-E", TestPeers.script("repeating.py")] + arguments
    }

    @Test func noAnswerAndNoLogLineHasASecret() async throws {
        let host = try await Host.connected(
            environment: Self.inherited.merging(["MCP_TEST_LOG_LEVEL": "DEBUG", "MCP_TEST_DEBUG": "1"]) { $1 }
        )
        let peer = try await HTTPPeer([FaultyServer.python] + server(["--http", "0"]))
        let port = peer.port
        let connections: [JSONValue] = [
            [
                "name": "stdio", "command": .string(FaultyServer.python), "env": Self.given,
                "args": .array(server(Self.arguments).map(JSONValue.string)),
            ],
            [
                "name": "http", "headers": Self.headers, "auth": .string(Self.token),
                "url": .string("http://u:planted-21-url@127.0.0.1:\(port)/mcp?api_key=planted-22-query"),
            ],
            ["name": "default", "url": .string("http://127.0.0.1:\(port)/mcp")],
        ]
        for connection in connections {
            _ = try await host.ask("tools/call", ["name": "connect_to_server", "arguments": connection])
            for (tool, arguments) in Self.calls(on: connection["name"]?.string ?? "") {
                _ = try await host.ask("tools/call", ["name": .string(tool), "arguments": arguments])
            }
        }
        let run = await host.finish()
        #expect(run.text.contains("visible-user") && run.text.contains("‹redacted:"))
        #expect(Self.planted(in: run.text) == [])
        #expect(Self.planted(in: run.errors) == [])
    }

    private static func calls(on name: String) -> [(tool: String, arguments: JSONValue)] {
        let tools = ["repeat", "fail", "error", "refuse", "unknown", "exit"]
        let calls: [(String, JSONValue)] = tools.map { tool in
            var arguments: JSONObject = [
                "connection_name": .string(name), "name": .string(tool), "arguments": callArguments,
            ]
            if name != "stdio" { arguments["headers"] = callHeaders }
            return ("call_tool", .object(arguments))
        }
        let connection: JSONValue = ["connection_name": .string(name)]
        return [("list_tools", connection)] + calls
            + [("get_events", connection), ("get_connection_status", connection), ("list_tools", connection)]
    }

    @Test(
        arguments: [["--json"], ["-v"], ["-v", "--json"], [], ["--show-secrets"]],
        ["repeat", "fail", "error", "exit"]
    )
    func noCommandPrintsASecret(_ options: [String], _ tool: String) async throws {
        var command = ["call", tool, Self.callArguments.description] + options
        for member in Self.given.object?.members ?? [] {
            command += ["--env", "\(member.key)=\(member.value.string ?? "")"]
        }
        let run = try await RunningProgram.run(
            command + ["--", FaultyServer.python] + server(Self.arguments),
            environment: Self.inherited
        )
        #expect((run.text + run.errors).contains("‹redacted:"), "\(run)")
        #expect(Self.planted(in: run.text) == [])
        #expect(Self.planted(in: run.errors) == [])
        if options.contains("--json") { #expect(try run.json()["verdict"] != nil) }
    }

    @Test func noSuiteHasASecret() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("suite.yaml")
        let run = try await RunningProgram.run(
            ["init", file, "--", FaultyServer.python] + server(Self.arguments),
            environment: Self.inherited
        )
        let text = try folder.lines(of: "suite.yaml").joined(separator: "\n")
        #expect(text.contains("it failed: refused: Authorization: Bearer ‹redacted:"), "\(text)\n\(run)")
        #expect(Self.planted(in: text + run.text + run.errors) == [])
    }

    @Test("--show-secrets is honoured at a terminal and only there: not in a pipe, not on standard error in a file")
    func secretsAreShownAtATerminalOnly() async throws {
        let folder = try TemporaryFolder()
        let command = ["call", "repeat", #"{"password":"planted-14-call"}"#, "--show-secrets", "-v"]
        let target = ["--", FaultyServer.python] + server(["--token=planted-10-option"])
        let script = #"file=$1; shift; exec "$0" "$@" 2>"$file""#
        let terminal = try await RunningProgram(
            ["-S", "-E", TestPeers.script("terminal.py"), "/bin/sh", "-c", script, Product.path, folder.path("errors")]
                + command + target,
            executable: FaultyServer.python
        )
        let shown = await terminal.ended()
        #expect(shown.text.contains("planted-14-call") && shown.text.contains("planted-10-option"), "\(shown)")
        let errors = try folder.lines(of: "errors").joined(separator: "\n")
        #expect(errors.contains("‹redacted:"), "\(errors)")
        #expect(Self.planted(in: errors) == [])

        let piped = try await RunningProgram.run(command + target)
        #expect(piped.errors.contains("--show-secrets was ignored"), "\(piped)")
        #expect(piped.text.contains("‹redacted:"), "\(piped)")
        #expect(Self.planted(in: piped.text + piped.errors) == [])
    }

    @Test(arguments: ["init", "check", "lock"])
    func noFileThatACommandWritesHasASecret(_ command: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("written")
        let words =
            switch command {
            case "init": ["init", file]
            case "check": ["check", "--only", "tools-list", "--baseline", file, "--update"]
            default: ["lock", "--file", file]
            }
        let target = ["--", FaultyServer.python] + server(["--reading", "--token=planted-10-option"])
        let run = try await RunningProgram.run(words + target)
        #expect(run.code == 0, "\(run)")
        let text = try folder.lines(of: "written").joined(separator: "\n")
        #expect(text.contains("‹redacted:"), "\(text)")
        #expect(Self.planted(in: text) == [])
        // The beginning of a secret that a cut would leave.
        #expect(!text.contains("xplan"), "\(text)")
    }
}

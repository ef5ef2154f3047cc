import DemoServer
import JSON
import MCPHTTPServer
import MCPStdio
import MCPTransport
import Tester
import Testing

@testable import TesterCommands

/// Serving over HTTP: the options of the transport, and what is refused.
@Suite struct ServingTests {
    private static let files = [
        "token.txt": "  t0ken\n", "empty.txt": "# nothing\n", "spaces.txt": "a b c\n",
        "tokens.txt": "# ours\nalice t0ken-a\n\nbob\tt0ken-b\r\nt0ken-c\n",
    ]

    @Test(arguments: ["serve", "demo"])
    func withoutOptionsItServesOnLoopbackAtTheDefaultPath(_ command: String) async throws {
        let (written, served) = (Written(), Served())
        let exit = try await run([command, "-t", "streamable-http"], in: .scripted(written, served: served))
        #expect(exit == .passed)
        let options = try #require(served.all.first)
        #expect(options.kind == .streamableHTTP)
        #expect((options.host, options.port, options.path) == ("127.0.0.1", 8000, "/mcp"))
        #expect(options.allowedHosts.isEmpty && options.allowedOrigins.isEmpty)
        #expect(options.advice?.host.hasSuffix("--allowed-host") == true, "a refusal names the option")
        #expect(options.advice?.origin.hasSuffix("--allowed-origin") == true)
        #expect(options.authentication == nil)
        #expect(options.limits == HTTPServerLimits())
        let line = try #require(written.error.split(separator: "\n").first { $0.contains("Listening") })
        #expect(try JSONValue(parsing: String(line))["url"] == "http://127.0.0.1:8000/mcp")
        #expect(written.out.isEmpty)
    }

    @Test func allOptionsReachTheTransport() async throws {
        let served = Served()
        let arguments = [
            "serve", "--transport", "sse", "--host", "::1", "--port", "0", "--path", "/events", "--allowed-host", "a",
            "--allowed-host", "b:1", "--allowed-origin", "https://a", "--max-body", "1M", "--max-head", "4K",
            "--max-connections", "1", "--max-sessions", "2", "--max-streams", "3", "--max-requests", "4",
            "--max-buffers", "8M",
            "--session-idle", "5", "--connection-idle", "6",
        ]
        #expect(try await run(arguments, in: .scripted(Written(), served: served)) == .passed)
        let options = try #require(served.all.first)
        #expect(options.kind == .sse)
        #expect((options.host, options.port, options.path) == ("::1", 0, "/events"))
        #expect(options.allowedHosts == ["a", "b:1"])
        #expect(options.allowedOrigins == ["https://a"])
        var limits = HTTPServerLimits()
        limits.bodyBytes = 1 << 20
        limits.headBytes = 4 << 10
        (limits.connections, limits.sessions, limits.streams, limits.requests) = (1, 2, 3, 4)
        limits.bufferBytes = 8 << 20
        limits.sessionIdle = .seconds(5)
        #expect(options.limits == limits)
    }

    @Test func sseHasItsOwnPath() async throws {
        let served = Served()
        _ = try await run(["demo", "-t", "sse"], in: .scripted(Written(), served: served))
        #expect(served.all.first?.path == "/sse")
    }

    @Test func theEnvironmentDecidesWhereTheTesterServesButNotWhereTheDemoDoes() async throws {
        let served = Served()
        let variables = ["MCP_TEST_TRANSPORT": "streamable-http", "MCP_TEST_HOST": "localhost", "MCP_TEST_PORT": "9"]
        let context = try CommandContext.scripted(Written(), variables: variables, served: served)
        #expect(try await run([], in: context) == .passed)
        _ = try await run(["demo", "-t", "sse"], in: context)
        #expect(served.all.map(\.host) == ["localhost", "127.0.0.1"])
        #expect(served.all.map(\.port) == [9, 8000])
    }

    // MARK: - Options of one transport

    @Test(arguments: [
        ["serve", "--path", "/x"], ["demo", "--allowed-host", "a"], ["serve", "--allowed-origin", "https://a"],
        ["serve", "--auth-token", "@token.txt"], ["demo", "--auth-token-file", "tokens.txt"], ["serve", "--no-auth"],
        ["serve", "--max-body", "1M"], ["demo", "--max-head", "4K"], ["serve", "--max-connections", "1"],
        ["serve", "--max-sessions", "1"], ["serve", "--max-streams", "1"], ["demo", "--max-requests", "1"],
        ["serve", "--max-buffers", "1M"], ["serve", "--session-idle", "1"], ["serve", "--connection-idle", "1"],
    ])
    func anOptionOfTheHTTPTransportsIsRefusedOverStdio(_ arguments: [String]) async throws {
        let written = Written()
        let exit = try await run(arguments, in: .scripted(written, files: Self.files))
        #expect(exit == .misused)
        #expect(written.error.contains("\(arguments[1]) applies to the HTTP transports only"), "\(written.error)")
    }

    @Test(arguments: ["serve", "demo"])
    func drainIsRefusedOverHTTPAndReachesStdio(_ command: String) async throws {
        let written = Written()
        let exit = try await run([command, "-t", "sse", "--drain", "1"], in: .scripted(written))
        #expect(exit == .misused)
        #expect(written.error.contains("--drain applies to stdio only"))
        let settings = try ServeSettings(environment: Environment([:]))
        let serve = try #require(try self.command(["serve", "--drain", "0.5"]) as? ServeCommand)
        let plan = try await ServingPlan(settings, serve.serving, in: .scripted(written))
        guard case .stdio(drain: .milliseconds(500)) = plan else {
            Issue.record("\(plan)")
            return
        }
    }

    @Test("Without --drain, open calls get as long as leaves time to exit within two seconds")
    func drainHasADefault() async throws {
        let serve = try #require(try self.command(["serve"]) as? ServeCommand)
        let settings = try ServeSettings(environment: Environment([:]))
        let plan = try await ServingPlan(settings, serve.serving, in: .scripted(Written()))
        guard case .stdio(drain: StdioServerTransport.defaultDrain) = plan else {
            Issue.record("\(plan)")
            return
        }
    }

    @Test(arguments: Fault.allCases.filter(\.isHTTPFault))
    func aFaultOfHTTPReachesOnlyItsTransport(_ fault: Fault) async throws {
        let (written, served) = (Written(), Served())
        let context = try CommandContext.scripted(written, served: served)
        for transport in ["stdio", "sse"] {
            #expect(try await run(["demo", "--fault", fault.rawValue, "-t", transport], in: context) == .misused)
        }
        #expect(written.error.contains("The fault \(fault.rawValue) applies to Streamable HTTP only"))
        #expect(served.all.isEmpty)
        let arguments = ["demo", "--fault", fault.rawValue, "--fault", "bad-schema", "-t", "streamable-http"]
        #expect(try await run(arguments, in: context) == .passed)
        #expect(served.all.first?.faults.map(\.rawValue) == [fault.rawValue])
        #expect(served.all.first?.limitsFaultsToToolCalls == true)
    }

    @Test func everyFaultOfHTTPCanBeChosen() {
        #expect(Set(HTTPFault.allCases.map(\.rawValue)) == Set(Fault.allCases.filter(\.isHTTPFault).map(\.rawValue)))
    }

    // MARK: - Tokens

    @Test(arguments: ["0.0.0.0", "::", "192.168.1.5", "example.com", "127.0.0.1.example.com"], ["serve", "demo"])
    func anAddressBeyondLoopbackIsRefusedWithoutAToken(_ host: String, _ command: String) async throws {
        let (written, served) = (Written(), Served())
        let exit = try await run([command, "-t", "sse", "-H", host], in: .scripted(written, served: served))
        #expect(exit == .misused)
        #expect(served.all.isEmpty)
        #expect(written.error.contains("Refusing to serve on \(host) without a token"))
        #expect(written.error.contains("--auth-token @FILE"))
    }

    @Test func noAuthAllowsAnAddressBeyondLoopback() async throws {
        let served = Served()
        let context = try CommandContext.scripted(Written(), served: served)
        #expect(try await run(["serve", "-t", "sse", "-H", "0.0.0.0", "--no-auth"], in: context) == .passed)
        #expect(served.all.first?.host == "0.0.0.0")
        #expect(served.all.first?.authentication == nil)
    }

    @Test(arguments: [
        (["--auth-token", "@token.txt"], ["t0ken": "token"]),
        (["--auth-token", "env:TOKEN"], ["t0ken-v": "token"]),
        ([], ["t0ken-s": "token"]),
        (["--auth-token-file", "tokens.txt"], ["t0ken-a": "alice", "t0ken-b": "bob", "t0ken-c": "token"]),
    ])
    func tokensAreReadFromFilesAndVariables(_ options: [String], _ subjects: [String: String]) async throws {
        let (written, served) = (Written(), Served())
        let variables = ["TOKEN": "t0ken-v", "MCP_TEST_SERVER_TOKEN": "t0ken-s"]
        let context = try CommandContext.scripted(written, variables: variables, files: Self.files, served: served)
        #expect(try await run(["serve", "-t", "sse", "-H", "0.0.0.0"] + options, in: context) == .passed)
        let authentication = try #require(served.all.first?.authentication)
        for (token, subject) in subjects { #expect(authentication.principal(of: token) == .subject(subject)) }
        #expect(authentication.principal(of: "other") == nil)
        #expect(!written.error.contains("t0ken"))
    }

    @Test(arguments: [
        (["--auth-token", "s3cret"], "other users of this machine could read it"),
        (["--auth-token", "@token.txt", "--no-auth"], "--no-auth and a token exclude each other"),
        (["--auth-token-file", "empty.txt"], "empty.txt contains no token"),
        (["--auth-token-file", "spaces.txt"], "Line 1 of spaces.txt has more than two words"),
        (["--auth-token-file", "nowhere.txt"], "nowhere.txt does not exist"),
        (["--auth-token", "env:SPACES"], "is not a valid token"),
    ])
    func anInvalidTokenIsRefused(_ options: [String], _ message: String) async throws {
        let (written, served) = (Written(), Served())
        let variables = ["SPACES": "s3cret word"]
        let context = try CommandContext.scripted(written, variables: variables, files: Self.files, served: served)
        #expect(try await run(["serve", "-t", "streamable-http"] + options, in: context) == .misused)
        #expect(served.all.isEmpty)
        #expect(written.error.contains(message), "\(written.error)")
        #expect(!written.error.contains("s3cret"))
    }

    @Test(arguments: [
        ["--path", "mcp"], ["--path", "/a?b"], ["--allowed-origin", "app.example"],
        ["--allowed-origin", "https://a.example/x"],
        ["--allowed-origin", "*"], ["--allowed-host", "http://a.example"], ["--port", "-1"], ["--port", "65536"],
        ["--max-body", "0"],
    ])
    func anInvalidOptionIsRefused(_ options: [String]) {
        guard case .misuse = Invocation(["serve", "-t", "sse"] + options) else {
            Issue.record("\(options) was accepted")
            return
        }
    }

    @Test(arguments: ["serve", "demo"])
    func aPortInUseIsReportedWithAdvice(_ command: String) async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, servingFailure: PortInUse())
        #expect(try await run([command, "-t", "streamable-http", "-p", "81"], in: context) == .inconclusive)
        #expect(written.error.contains("on 127.0.0.1, port 81: the port is in use"))
        #expect(try written.errorLine["next_step"]?.string?.contains("--port") == true)
    }

    @Test func onlyServingOverHTTPStopsGracefully() throws {
        let context = try CommandContext.scripted(Written(), variables: ["MCP_TEST_TRANSPORT": "sse"])
        #expect(try command([]).stopsGracefully(in: context))
        #expect(try !command(["serve", "-t", "stdio"]).stopsGracefully(in: context))
        #expect(try !command(["demo"]).stopsGracefully(in: context))
        #expect(try command(["demo", "-t", "sse"]).stopsGracefully(in: context))
        #expect(try !command(["list", "demo"]).stopsGracefully(in: context))
    }

    private func command(_ arguments: [String]) throws -> any Command {
        guard case .run(let command, _) = Invocation(arguments) else {
            throw Failure.usage("refused: \(arguments)", nextStep: "")
        }
        return command
    }

    private struct PortInUse: Error, CustomStringConvertible {
        let description = "the port is in use"
    }
}

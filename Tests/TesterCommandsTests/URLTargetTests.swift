import JSON
import MCPHTTPClient
import Tester
import Testing

@testable import TesterCommands

/// Targets that are URLs, and their options.
@Suite struct URLTargetTests {
    private static let files = ["token.txt": "  t0ken-of-file\n", "empty.txt": "\n"]
    private static let variables = ["KEY": "s3cret", "TOKEN": "t0ken-of-variable"]

    @Test(arguments: [["list"], ["test"], ["call", "-v"], ["read"], ["prompt"], ["raw"]])
    func everyCommandAcceptsAURL(_ command: [String]) async throws {
        let target = try await target(command + ["http://localhost:8000/mcp", "x"])
        #expect(target.endpoint?.url == "http://localhost:8000/mcp")
        #expect(target.endpoint?.headers == [])
        #expect(target.endpoint?.tls == TLSChoice())
        #expect(target.endpoint?.limits == HTTPClientLimits())
    }

    @Test func headersAreReadFromTheCommandLineAndFromVariables() async throws {
        let options = ["--header", "X-A: 1:2", "--header", "X-B:", "--header-env", "X-C=KEY"]
        let fields = try #require(try await target(["list", "http://h/mcp"] + options).endpoint?.headers)
        #expect(fields == [HTTPField("X-A", "1:2"), HTTPField("X-B", ""), HTTPField("X-C", "s3cret")])
    }

    @Test(arguments: [("@token.txt", "t0ken-of-file"), ("env:TOKEN", "t0ken-of-variable")])
    func theTokenIsReadFromAFileOrAVariable(_ source: String, _ token: String) async throws {
        let fields = try #require(try await target(["list", "http://h/mcp", "--auth-token", source]).endpoint?.headers)
        #expect(fields == [HTTPField("Authorization", "Bearer \(token)")])
    }

    @Test func theOtherOptionsReachTheEndpoint() async throws {
        let options = [
            "--transport", "sse", "--ca", "ca.pem", "--insecure", "--follow-redirects", "--max-response", "2M",
            "--max-resumptions", "0", "--close-timeout", "0.5",
        ]
        let endpoint = try #require(try await target(["list", "https://h/mcp"] + options).endpoint)
        #expect(endpoint.transport == .sse)
        #expect(endpoint.tls == TLSChoice(authorities: "ca.pem", verifies: false))
        #expect(endpoint.followsRedirects)
        #expect(endpoint.limits.responseBytes == 2 << 20)
        #expect(endpoint.limits.resumptions == 0)
        #expect(endpoint.limits.close == .milliseconds(500))
    }

    @Test func theFormerNameOfMaxResponseIsAccepted() async throws {
        let target = try await target(["list", "http://h/mcp", "--max-message", "1M"])
        #expect(target.endpoint?.limits.responseBytes == 1 << 20)
    }

    @Test func proxiesAreReadFromTheEnvironment() async throws {
        let context = try CommandContext.scripted(Written(), variables: ["https_proxy": "http://p:3128"])
        let target = try await target(["list", "https://h/mcp"], in: context)
        #expect(target.endpoint?.proxy == .environment(["https_proxy": "http://p:3128"]))
    }

    @Test(arguments: [
        (["list", "htp://h/mcp"], "Did you mean http://?"),
        (["list", "http://h/mcp", "--transport", "stdio"], "--transport stdio requires a command"),
        (["list", "demo", "--transport", "sse"], "--transport sse requires a URL"),
        (["list", "--header", "A: s3cret", "--", "server"], "--header applies only to a target that is a URL"),
        (["list", "demo", "--insecure"], "--insecure applies only"),
        (["list", "http://h/mcp", "--env", "A=1"], "--env applies only to a target that is started"),
        (["list", "http://h/mcp", "--cwd", "/"], "--cwd applies only"),
        (["list", "http://h/mcp", "--header", "s3cret"], "A --header argument has no colon"),
        (["list", "http://h/mcp", "--header", "a b: s3cret"], "--header: the header name is invalid"),
        (["list", "http://h/mcp", "--header", "Bearer s3cret:x"], "--header: the header name is invalid"),
        (
            ["list", "http://h/mcp", "X-Key: s3cret"],
            "Unexpected argument \"X-Key: ‹redacted:header›\" after the target"
        ),
        (["list", "demo", "--env", "s3cret"], "An --env argument is not NAME=VALUE"),
        (["list", "demo", "http://me:s3cret@h/mcp"], "Unexpected argument \"http://‹redacted:password›@h/mcp\""),
        (["call", "demo", "echo", "me:s3cret@h/mcp"], "Invalid argument \"‹redacted:password›@h/mcp\""),
        (["call", "demo", "echo", "{}", "token=s3cret"], "but \"token=‹redacted:argument›\" follows"),
        (["call", "demo", "echo", "password:=s3cret"], "The value after password:= is not valid JSON"),
        (["call", "demo", "echo", "--answer", "s3cret"], "An --answer argument is neither"),
        (["call", "demo", "echo", "--answer", "{s3cret"], "An --answer argument is not valid JSON"),
        (["list", "http://h/mcp", "--header", "A: s3cret\r\nB: 1"], "the value of A contains a line break"),
        (["list", "http://h/mcp", "--header-env", "A"], "A --header-env argument is not NAME=VARIABLE"),
        (["list", "http://h/mcp", "--header-env", "A=NOWHERE"], "the variable NOWHERE is not set"),
        (["list", "http://h/mcp", "--auth-token", "s3cret"], "other users of this machine could read it"),
        (["list", "http://h/mcp", "--auth-token", "@nowhere.txt"], "nowhere.txt does not exist"),
        (["list", "http://h/mcp", "--auth-token", "@empty.txt"], "is not a valid token"),
        (["list", "http://h/mcp", "--auth-token", "env:NOWHERE"], "--auth-token: the variable NOWHERE is not set"),
        (
            ["list", "http://h/mcp", "--auth-token", "env:TOKEN", "--header", "authorization: x"],
            "--auth-token and an Authorization header exclude each other"
        ),
    ])
    func anInvalidOptionIsRefusedBeforeAnythingIsSentAndWithoutItsSecret(_ arguments: [String], _ message: String)
        async throws
    {
        let written = Written()
        let context = try CommandContext.scripted(written, variables: Self.variables, files: Self.files)
        let exit = try await run(arguments, in: context)
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
        #expect(written.error.contains(message), "\(written.error)")
        #expect(!written.error.contains("s3cret"))
    }

    @Test(arguments: ["0", "-1", "many", "1T", "99999999999G"])
    func anInvalidSizeIsRefused(_ size: String) throws {
        guard case .misuse = Invocation(["list", "http://h/mcp", "--max-message", size]) else {
            Issue.record("\(size) was taken")
            return
        }
    }

    @Test func skippedCertificateVerificationIsAWarning() async throws {
        let written = Written()
        let exit = try await run(["list", "https://h/mcp", "--insecure"], in: .scripted(written))
        #expect(exit == .passed)
        #expect(written.error.hasPrefix("Warning: the server's certificate is not verified (--insecure)"))
        #expect(written.out.contains("certificate NOT verified"))
    }

    @Test func noSecretIsPrinted() async throws {
        let written = Written()
        let variables = Self.variables.merging(["MCP_TEST_AUTH_TOKEN": "s3cret-default"]) { $1 }
        let context = try CommandContext.scripted(written, variables: variables, files: Self.files)
        let url = "https://me:s3cret-in-url@h/mcp?access_token=s3cret-in-query"
        let options = ["--header", "X-A: s3cret-header", "--header-env", "X-B=KEY", "--json", "-v"]
        #expect(try await run(["list", url] + options, in: context) == .passed)
        #expect(written.out.contains("https://h/mcp?access_token=‹redacted:query›"))
        #expect(!(written.out + written.error).contains("s3cret"))
    }

    private func target(_ arguments: [String], in context: CommandContext? = nil) async throws -> Target {
        guard case .run(let command, _) = Invocation(arguments), let command = command as? any TargetCommand else {
            throw Failure.usage("not understood: \(arguments)", nextStep: "")
        }
        let context =
            try context ?? CommandContext.scripted(Written(), variables: Self.variables, files: Self.files)
        return try await command.options.target(TargetOptions.choice(command.words, in: context), in: context)
    }
}

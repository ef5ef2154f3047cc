import JSON
import MCPHTTPClient
import Tester
import Testing

@testable import TesterCommands

/// Targets on the command line that are URLs, and what can be told about them.
@Suite struct URLTargetTests {
    private static let files = ["token.txt": "  t0ken-of-file\n", "empty.txt": "\n"]
    private static let variables = ["KEY": "s3cret", "TOKEN": "t0ken-of-variable"]

    @Test(arguments: [["list"], ["test"], ["call", "-v"], ["read"], ["prompt"], ["raw"]])
    func everyCommandTakesAURL(_ command: [String]) throws {
        let target = try target(command + ["http://localhost:8000/mcp", "x"])
        #expect(target.endpoint?.url == "http://localhost:8000/mcp")
        #expect(target.endpoint?.headers == [])
        #expect(target.endpoint?.tls == TLSChoice())
        #expect(target.endpoint?.limits == HTTPClientLimits())
    }

    @Test func headersComeFromTheCommandLineAndFromVariables() throws {
        let options = ["--header", "X-A: 1:2", "--header", "X-B:", "--header-env", "X-C=KEY"]
        let fields = try #require(try target(["list", "http://h/mcp"] + options).endpoint?.headers)
        #expect(fields == [HTTPField("X-A", "1:2"), HTTPField("X-B", ""), HTTPField("X-C", "s3cret")])
    }

    @Test(arguments: [("@token.txt", "t0ken-of-file"), ("env:TOKEN", "t0ken-of-variable")])
    func theTokenComesFromAFileOrAVariable(_ source: String, _ token: String) throws {
        let fields = try #require(try target(["list", "http://h/mcp", "--auth-token", source]).endpoint?.headers)
        #expect(fields == [HTTPField("Authorization", "Bearer \(token)")])
    }

    @Test func theRestOfTheOptionsReachesTheEndpoint() throws {
        let options = [
            "--transport", "sse", "--ca", "ca.pem", "--insecure", "--follow-redirects", "--max-message", "2M",
            "--max-resumptions", "0", "--close-timeout", "0.5",
        ]
        let endpoint = try #require(try target(["list", "https://h/mcp"] + options).endpoint)
        #expect(endpoint.transport == .sse)
        #expect(endpoint.tls == TLSChoice(authorities: "ca.pem", verifies: false))
        #expect(endpoint.followsRedirects)
        #expect(endpoint.limits.responseBytes == 2 << 20)
        #expect(endpoint.limits.resumptions == 0)
        #expect(endpoint.limits.close == .milliseconds(500))
    }

    @Test func proxiesComeFromTheEnvironment() throws {
        let context = try CommandContext.scripted(Written(), variables: ["https_proxy": "http://p:3128"])
        let target = try target(["list", "https://h/mcp"], in: context)
        #expect(target.endpoint?.proxy == .environment(["https_proxy": "http://p:3128"]))
    }

    @Test(arguments: [
        (["list", "htp://h/mcp"], "Did you mean http://?"),
        (["list", "http://h/mcp", "--transport", "stdio"], "--transport stdio needs a command"),
        (["list", "demo", "--transport", "sse"], "--transport sse needs a URL"),
        (["list", "--header", "A: s3cret", "--", "server"], "--header has a meaning only for a target that is a URL"),
        (["list", "demo", "--insecure"], "--insecure has a meaning only"),
        (["list", "http://h/mcp", "--env", "A=1"], "--env has a meaning only for a target that is started"),
        (["list", "http://h/mcp", "--cwd", "/"], "--cwd has a meaning only"),
        (["list", "http://h/mcp", "--header", "s3cret"], "no \":\" after its name"),
        (["list", "http://h/mcp", "--header", "a b: s3cret"], "\"a b\" is no name"),
        (["list", "http://h/mcp", "--header", "A: s3cret\r\nB: 1"], "the value of A has a line end"),
        (["list", "http://h/mcp", "--header-env", "A"], "has no \"=\""),
        (["list", "http://h/mcp", "--header-env", "A=NOWHERE"], "the variable NOWHERE is not set"),
        (["list", "http://h/mcp", "--auth-token", "s3cret"], "everybody on this machine can see"),
        (["list", "http://h/mcp", "--auth-token", "@nowhere.txt"], "There is no file nowhere.txt"),
        (["list", "http://h/mcp", "--auth-token", "@empty.txt"], "no token"),
        (["list", "http://h/mcp", "--auth-token", "env:NOWHERE"], "the variable NOWHERE, which is not set"),
        (
            ["list", "http://h/mcp", "--auth-token", "env:TOKEN", "--header", "authorization: x"],
            "Both --auth-token and a header Authorization"
        ),
    ])
    func whatMakesNoSenseIsWrongUseBeforeAnythingIsSent(_ arguments: [String], _ message: String) async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, variables: Self.variables, files: Self.files)
        let exit = try await run(arguments, in: context)
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
        #expect(written.error.contains(message), "\(written.error)")
        #expect(!written.error.contains("s3cret"))
    }

    @Test(arguments: ["0", "-1", "many", "1T", "99999999999G"])
    func aSizeThatIsNoneIsWrongUse(_ size: String) throws {
        guard case .misuse = Invocation(["list", "http://h/mcp", "--max-message", size]) else {
            Issue.record("\(size) was taken")
            return
        }
    }

    @Test func aCertificateThatIsNotVerifiedIsSaidLoudly() async throws {
        let written = Written()
        let exit = try await run(["list", "https://h/mcp", "--insecure"], in: .scripted(written))
        #expect(exit == .passed)
        #expect(written.error.hasPrefix("Warning: the server's certificate is not verified (--insecure)"))
        #expect(written.out.contains("certificate NOT verified"))
    }

    @Test func noSecretIsWritten() async throws {
        let written = Written()
        let variables = Self.variables.merging(["MCP_TEST_AUTH_TOKEN": "s3cret-default"]) { $1 }
        let context = try CommandContext.scripted(written, variables: variables, files: Self.files)
        let url = "https://me:s3cret-in-url@h/mcp?access_token=s3cret-in-query"
        let options = ["--header", "X-A: s3cret-header", "--header-env", "X-B=KEY", "--json", "-v"]
        #expect(try await run(["list", url] + options, in: context) == .passed)
        #expect(written.out.contains("https://h/mcp?access_token=[redacted]"))
        #expect(!(written.out + written.error).contains("s3cret"))
    }

    private func target(_ arguments: [String], in context: CommandContext? = nil) throws -> Target {
        guard case .run(let command, _) = Invocation(arguments), let command = command as? any TargetCommand else {
            throw Failure.usage("not understood: \(arguments)", nextStep: "")
        }
        let context =
            try context ?? CommandContext.scripted(Written(), variables: Self.variables, files: Self.files)
        return try command.options.target(TargetOptions.choice(command.words, in: context), in: context)
    }
}

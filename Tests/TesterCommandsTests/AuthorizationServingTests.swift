import JSON
import MCPHTTPServer
import Tester
import Testing

@testable import TesterCommands

/// Serving with authorization: the options of the resource server and of the demo server.
@Suite struct AuthorizationServingTests {
    @Test(arguments: ["serve", "demo"])
    func anIssuerReachesTheTransportWithItsMetadataAndScopes(_ command: String) async throws {
        let served = Served()
        let arguments = [
            command, "-t", "streamable-http", "--auth-issuer", "https://issuer.example/t", "--auth-required-scope",
            "a b",
            "--auth-required-scope", "c", "--auth-resource", "https://mcp.example/mcp", "--host", "0.0.0.0",
        ]
        #expect(try await run(arguments, in: .scripted(Written(), served: served)) == .passed)
        let options = try #require(served.all.first)
        #expect(options.authentication == nil && options.authorizationFaults.isEmpty)
        let site = try #require(options.makeSite?("http://0.0.0.0:8000/mcp"))
        #expect(site.authorization?.requiredScopes == ["a", "b", "c"])
        let place = "/.well-known/oauth-protected-resource/mcp"
        #expect(site.authorization?.metadataURL == "https://mcp.example\(place)")
        let response = await site.pages?.respond(to: SiteRequest(method: "GET", path: place))
        let document = try JSONValue(parsing: response?.body ?? [])
        #expect(document["resource"] == "https://mcp.example/mcp")
        #expect(document["authorization_servers"] == ["https://issuer.example/t"])
    }

    @Test func theDemoServerIsItsOwnIssuerWithAuth() async throws {
        let served = Served()
        let arguments = ["demo", "-t", "streamable-http", "--auth", "--auth-fault", "no-challenge"]
        #expect(try await run(arguments, in: .scripted(Written(), served: served)) == .passed)
        let options = try #require(served.all.first)
        #expect(options.authorizationFaults == [.noChallenge])
        let site = try #require(options.makeSite?("http://127.0.0.1:8000/mcp"))
        #expect(site.authorization?.requiredScopes == ["demo:use"])
        #expect(site.pages?.contains("/oauth/token") == true)
        #expect(site.pages?.contains("/mcp") == false)
    }

    @Test(arguments: [
        (["serve", "--auth-issuer", "https://a.example"], "--auth-issuer applies to the HTTP transports only"),
        (["demo", "--auth"], "--auth applies to the HTTP transports only"),
        (["serve", "-t", "sse", "--auth-audience", "x"], "--auth-audience requires --auth-issuer"),
        (["serve", "-t", "sse", "--auth-required-scope", "x"], "--auth-required-scope requires --auth-issuer"),
        (["serve", "-t", "sse", "--auth-issuer", "a.example"], "does not start with http:// or https://"),
        (
            ["serve", "-t", "sse", "--auth-issuer", "https://a.example", "--no-auth"],
            "--auth-issuer excludes --no-auth"
        ),
        (
            ["serve", "-t", "sse", "--auth-issuer", "https://a.example", "--host", "0.0.0.0"],
            "--auth-issuer requires --auth-resource beyond loopback"
        ),
        (["demo", "-t", "streamable-http", "--auth", "--host", "0.0.0.0", "--no-auth"], "on a loopback address only"),
        (
            ["demo", "-t", "streamable-http", "--auth", "--auth-issuer", "https://a.example"],
            "--auth excludes other tokens and issuers"
        ),
        (
            ["demo", "-t", "streamable-http", "--auth-fault", "no-cors"],
            "--auth-fault requires --auth or --auth-issuer"
        ),
        (["demo", "-t", "streamable-http", "--auth-consent", "page"], "--auth-consent requires --auth"),
        (["demo", "-t", "streamable-http", "--auth", "--auth-fault", "no-cor"], "Did you mean no-cors?"),
        (
            ["demo", "-t", "streamable-http", "--auth-issuer", "https://a.example", "--auth-fault", "wrong-issuer"],
            "is one of the built-in authorization server"
        ),
    ])
    func contradictingOptionsAreRefused(_ arguments: [String], _ reason: String) async throws {
        let written = Written()
        #expect(try await run(arguments, in: .scripted(written)) == .misused)
        #expect(written.error.contains(reason), "\(written.error)")
    }

    @Test func everyFaultInAuthorizationIsListedWithADescription() async throws {
        let written = Written()
        #expect(try await run(["demo", "--list-auth-faults"], in: .scripted(written)) == .passed)
        let lines = written.out.split(separator: "\n")
        #expect(lines.count >= 20)
        #expect(lines.allSatisfy { $0.split(separator: " ", omittingEmptySubsequences: true).count > 1 })
    }

    @Test(arguments: [
        (["--issuer-url", "https://a.example"], "require each other"),
        (["--issuer-port", "0", "--revoke"], "excludes --auth-token, --other-token and --revoke"),
        (["--issuer-port", "0", "--issuer-key", "bad.pem"], "--issuer-key: the private key cannot be used"),
        (["--other-token", "literal"], "--other-token does not accept the secret itself"),
    ])
    func anAuditWithContradictingOptionsIsRefused(_ options: [String], _ reason: String) async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, files: ["bad.pem": "no key"])
        #expect(try await run(["auth", "audit", "http://127.0.0.1:1/mcp"] + options, in: context) == .misused)
        #expect(written.error.contains(reason), "\(written.error)")
    }
}

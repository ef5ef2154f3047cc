import AsyncRuntime
import JSON
import JWTKit
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import Platform
import TestSupport
import Testing

@testable import MCPAuth

/// Authorization servers that nobody here wrote: those of two MCP libraries, and one on Authlib with every grant.
@Suite(.timeLimit(.minutes(2)))
struct RealServerTests {
    /// What a library's server is started with.
    private static func start(_ library: TestPeers, _ arguments: [String] = []) async throws -> HTTPPeer {
        let script = library == .oauth ? "oauth_server.py" : "\(library.rawValue)_oauth.py"
        let port = library == .oauth ? [] : ["--http", "0"]
        return try await HTTPPeer([library.python, TestPeers.script("servers/\(script)")] + port + arguments)
    }

    private func flow(_ url: String, client: OAuthClient? = nil) throws -> AuthorizationFlow {
        let settings = AuthorizationSettings(server: try HTTPURL(url), client: client)
        let network = NetworkHTTP(like: HTTPEndpoint(url: url), settings, clock: SystemScheduler.shared)
        return AuthorizationFlow(
            settings,
            http: { request async throws(AuthHTTPFailure) in try await network.send(request) },
            clock: SystemScheduler.shared,
            now: { Int64(time(nil)) }
        )
    }

    private func send(
        _ method: String,
        _ url: String,
        token: String? = nil,
        body: String? = nil
    ) async throws -> PlainRequest.Response {
        let fields = [("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json")]
        let authorization = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        return try await PlainRequest(to: HTTPEndpoint(url: url)).send(
            method,
            fields: fields + authorization,
            body: body.map { Array($0.utf8) },
            within: .seconds(60),
            on: SystemScheduler.shared
        )
    }

    private static let initialize =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"#
        + #""clientInfo":{"name":"test","version":"1"}}}"#

    /// The status of an MCP request, and the challenges of a refusal.
    private func request(_ url: String, token: String?) async throws -> (status: Int, Challenges) {
        do {
            let response = try await send("POST", url, token: token, body: Self.initialize)
            let values = response.fields.filter { $0.name.lowercased() == "www-authenticate" }.map(\.value)
            return (response.status, Challenges(parsing: values))
        } catch PlainRequest.Failure.transport(let failure) where failure.kind == .content {
            // An event stream is an answer of the server, too.
            return (200, Challenges(parsing: []))
        }
    }

    /// The user's browser, which follows the redirects from the authorization endpoint to our listener.
    private func agree(_ url: HTTPURL) async throws {
        var next = url.requestText
        for _ in 0..<5 {
            let response = try await send("GET", next)
            guard let location = response.value(of: "Location") else { return }
            next = location
        }
    }

    @Test(
        "the code grant works end to end, and so does the refresh token, once",
        arguments: [TestPeers.oauth, .mcp2, .fastmcp4]
    )
    func codeGrant(_ library: TestPeers) async throws {
        try #require(library.isAvailable, "\(TestPeers.absence)")
        let peer = try await Self.start(library)
        let (status, challenges) = try await request(peer.url, token: nil)
        #expect(status == 401)
        #expect(challenges.problems.isEmpty)
        let flow = try flow(peer.url)
        let listener = try await RedirectListener.start(clock: SystemScheduler.shared)
        let browsed = Latch<Bool>()
        let interaction = listener.interaction(within: .seconds(60)) { url in
            Task {
                do {
                    try await self.agree(url)
                    browsed.open(true)
                } catch {
                    browsed.open(false)
                }
            }
        }
        let authorization = try await flow.authorize(by: .code(interaction), after: challenges)
        #expect(await browsed.wait())
        await listener.close()
        #expect(authorization.resource.text == peer.url)
        #expect(try await request(peer.url, token: authorization.tokens.accessToken).status == 200)
        #expect(try await request(peer.url, token: "wrong").status == 401)
        // Three documents, the registration and the token request: no request is wasted on a sound server.
        #expect(flow.trace.requestCount == 4)
        #expect(flow.trace.steps.allSatisfy { $0.verdict == .ok }, "\(flow.trace.steps.map(\.json))")

        let renewed = try await flow.refresh(authorization)
        #expect(renewed.tokens.accessToken != authorization.tokens.accessToken)
        #expect(renewed.tokens.refreshToken != authorization.tokens.refreshToken)
        #expect(try await request(peer.url, token: renewed.tokens.accessToken).status == 200)
        let again = await failure { try await flow.refresh(authorization) }
        #expect(again?.kind == .tokenRefused)
        #expect(again?.code == "invalid_grant")
    }

    @Test("client credentials work with a secret, and a wrong one is reported")
    func clientCredentials() async throws {
        try #require(TestPeers.oauth.isAvailable, "\(TestPeers.absence)")
        let peer = try await Self.start(.oauth)
        for method in [nil, OAuthClient.Authentication.post] {
            let client = OAuthClient(id: "machine", secret: "machine-secret", authentication: method)
            let authorization = try await flow(peer.url, client: client).authorize(by: .clientCredentials)
            #expect(try await request(peer.url, token: authorization.tokens.accessToken).status == 200)
        }
        let wrong = try flow(peer.url, client: OAuthClient(id: "machine", secret: "wrong-secret"))
        let failure = await failure { try await wrong.authorize(by: .clientCredentials) }
        #expect(failure?.code == "invalid_client")
        #expect(failure?.message.contains("wrong-secret") == false)
    }

    @Test("client credentials work with a signed assertion", arguments: ["EC", "RSA"])
    func clientAssertion(_ kind: String) async throws {
        try #require(TestPeers.oauth.isAvailable, "\(TestPeers.absence)")
        let folder = try TemporaryFolder()
        let pem: String
        if kind == "EC" {
            let key = ES256PrivateKey()
            pem = key.pemRepresentation
            try folder.write(key.publicKey.pemRepresentation, to: "key.pem")
        } else {
            let key = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
            pem = TestKeys.rsa
            try folder.write(key.publicKey.pemRepresentation, to: "key.pem")
        }
        let peer = try await Self.start(.oauth, ["--key", folder.path("key.pem")])
        let flow = try flow(peer.url, client: OAuthClient(id: "signer", key: SigningKey(pem: pem)))
        for _ in 0..<2 {
            let authorization = try await flow.authorize(by: .clientCredentials)
            #expect(try await request(peer.url, token: authorization.tokens.accessToken).status == 200)
        }
        let other = SigningKey(pem: ES256PrivateKey().pemRepresentation)
        let stranger = try self.flow(peer.url, client: OAuthClient(id: "signer", key: other))
        #expect(await failure { try await stranger.authorize(by: .clientCredentials) }?.kind == .tokenRefused)
    }

    @Test("the device grant waits until the user agrees")
    func deviceGrant() async throws {
        try #require(TestPeers.oauth.isAvailable, "\(TestPeers.absence)")
        let peer = try await Self.start(.oauth)
        let flow = try flow(peer.url, client: OAuthClient(id: "device"))
        let grant = AuthorizationGrant.device { prompt in
            do {
                let page = try #require(prompt.completeURL)
                #expect(try await self.send("GET", page.requestText).status == 200)
            } catch {
                Issue.record(error)
            }
        }
        let authorization = try await flow.authorize(by: grant)
        #expect(try await request(peer.url, token: authorization.tokens.accessToken).status == 200)
        #expect(authorization.tokens.refreshToken != nil)
    }
}

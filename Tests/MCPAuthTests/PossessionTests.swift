import AsyncRuntime
import JSON
import JWTKit
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import Platform
import TestSupport
import Testing
import TextUtilities

@testable import MCPAuth

/// Tokens that are bound to a key (DPoP), at a server on Authlib that verifies every proof with another library.
@Suite(.timeLimit(.minutes(5)))
struct PossessionTests {
    private static let now: Int64 = 1_800_000_000

    /// The claims of a proof, read by another library.
    private struct Proof: JWTPayload {
        var jti, htm, htu: String
        var iat: Int
        var ath, nonce: String?

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    // MARK: - Proofs

    @Test("a proof names its request and its token, and another library verifies it with the key in its header")
    func proof() async throws {
        let key = PossessionKey.generate(.es256)
        let text = try key.proof("POST", "https://mcp.example/mcp", token: "the-token", nonce: "n1", now: Self.now)
        let header = try #require(JSONWebToken(text)).header
        #expect(header["typ"] == "dpop+jwt")
        let jwk = try #require(header["jwk"]?.object)
        #expect(Set(jwk.keys) == ["kty", "crv", "x", "y"])
        let keys = JWTKeyCollection()
        let pem = try #require(PublicKey(jwk: jwk)?.pem)
        await keys.add(ecdsa: try ES256PublicKey(pem: pem))
        let proof = try await keys.verify(text, as: Proof.self)
        #expect(proof.htm == "POST")
        #expect(proof.htu == "https://mcp.example/mcp")
        #expect(proof.iat == Int(Self.now))
        // RFC 9449, section 4.2: the SHA-256 of the token, as `printf the-token | openssl sha256` gives it.
        #expect(proof.ath == "wqc_z2HfvcrceaELozCy7162b8Cmc17Wm3lrs8l7l64")
        #expect(proof.nonce == "n1")
        let next = try await keys.verify(
            key.proof("POST", "https://mcp.example/mcp", nonce: nil, now: Self.now),
            as: Proof.self
        )
        #expect(next.jti != proof.jti)
        #expect(next.ath == nil && next.nonce == nil)
    }

    @Test(
        "the kind of key is one that the authorization server accepts",
        arguments: ["ES256", "ES384", "ES512", "RS256"]
    )
    func algorithm(_ name: String) async throws {
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["dpop_signing_alg_values_supported": [.string(name)]]))
        world.set("POST \(World.issuer)/token") { request in
            let proof = request.fields.first { $0.name == "DPoP" }.flatMap { JSONWebToken($0.value) }
            let isRight = proof?.header["alg"]?.string == name
            return isRight ? bound("token-1") : World.error("invalid_dpop_proof")
        }
        let flow = try world.flow { $0.usesPossession = true }
        if name == "RS256" {
            #expect(await failure { try await flow.authorize(by: world.code()) }?.kind == .noProof)
        } else {
            #expect(try await flow.authorize(by: world.code()).tokens.accessToken == "token-1")
        }
    }

    @Test("a bearer token is not accepted in place of a bound one, and a bound one not without a proof")
    func type() async throws {
        let world = World()
        let flow = try world.flow { $0.usesPossession = true }
        let refused = await failure { try await flow.authorize(by: world.code()) }
        #expect(refused?.message.contains("expected DPoP") == true, "\(refused?.message ?? "")")
        #expect(try world.registrations().first?["dpop_bound_access_tokens"] == true)
        #expect(world.authorizationParameters.first?.values(of: "dpop_jkt").count == 1)
        world.set("POST \(World.issuer)/token") { _ in bound("token-1") }
        let plain = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(plain?.message.contains("expected Bearer") == true)
        #expect(world.authorizationParameters.last?.values(of: "dpop_jkt").isEmpty == true)
    }

    @Test("the resource requires it by its metadata, or by a challenge without Bearer")
    func requirement() async throws {
        let cases: [(JSONObject, String, Bool)] = [
            ([:], "Bearer", false), ([:], "DPoP algs=\"ES256\"", true), ([:], "Bearer, DPoP algs=\"ES256\"", false),
            (["dpop_bound_access_tokens_required": true], "Bearer", true),
        ]
        for (changes, value, isRequired) in cases {
            let world = World()
            world.set(World.resourcePlace, json: World.resourceDocument(changes))
            world.set("POST \(World.issuer)/token") { request in
                request.fields.contains { $0.name == "DPoP" } ? bound("bound") : World.token("plain")
            }
            let tokens = try await world.flow().authorize(by: world.code(), after: challenge(value))
            #expect((tokens.possession != nil) == isRequired, "\(value)")
            #expect(tokens.tokens.accessToken == (isRequired ? "bound" : "plain"))
        }
    }

    @Test("a nonce is sent once, in a new proof; a server that is not content is not asked again")
    func nonce() async throws {
        let world = World()
        let claims = { @Sendable (request: AuthRequest) -> JSONObject? in
            request.fields.first { $0.name == "DPoP" }.flatMap { JSONWebToken($0.value)?.claims }
        }
        world.set("POST \(World.issuer)/token") { request in
            if claims(request)?["nonce"]?.string == "n1" { return bound("token-1") }
            var response = World.error("use_dpop_nonce")
            response.fields.append(.init("DPoP-Nonce", "n1"))
            return response
        }
        let flow = try world.flow { $0.usesPossession = true }
        _ = try await flow.authorize(by: world.code())
        #expect(world.forms().count == 2)
        // The nonce is known now.
        _ = try await flow.authorize(by: world.code())
        #expect(world.forms().count == 3)
        world.set("POST \(World.issuer)/token") { request in
            var response = World.error("use_dpop_nonce")
            response.fields.append(.init("DPoP-Nonce", "\(claims(request)?["nonce"]?.string ?? "")x"))
            return response
        }
        let refused = await failure { try await flow.authorize(by: world.code()) }
        #expect(refused?.code == "use_dpop_nonce")
        #expect(world.forms().count == 5)
    }

    @Test("the key is stored with its tokens, and never shown")
    func store() async throws {
        let folder = try TemporaryFolder()
        let world = World()
        world.set("POST \(World.issuer)/token") { _ in bound("token-1", refresh: "refresh-1") }
        let flow = try world.flow { $0.usesPossession = true }
        let store = FileTokenStore(path: folder.path("tokens.json"), clock: SystemScheduler.shared)
        let provider = TokenProvider(flow, store: store, grant: world.code())
        let token = try await provider.token(after: challenge("Bearer"), refused: nil)
        let key = try #require(try await store.authorizations().first?.possession)
        #expect(provider.sent(token).prover != nil)
        #expect(provider.sent("another").prover == nil)
        // Another process uses the stored key, for the refresh as well.
        let second = TokenProvider(try world.flow { $0.usesPossession = true }, store: store, grant: nil)
        #expect(try await second.initialToken() == "token-1")
        _ = try await second.token(after: challenge("DPoP"), refused: "token-1")
        #expect(try await store.authorizations().first?.possession == key)
        #expect(!flow.trace.redact(key.key.pem).contains("PRIVATE KEY"))
        // A bearer token of the same server is not used by who wants a bound one.
        let plain = World()
        let bearer = TokenProvider(try plain.flow(), store: MemoryTokenStore(), grant: plain.code())
        #expect(bearer.sent(try await bearer.token(after: challenge("Bearer"), refused: nil)).prover == nil)
    }

    // MARK: - A real server

    private func request(_ url: String, _ token: String, proof: String?) async throws -> Int {
        var fields = [("Authorization", "\(proof == nil ? "Bearer" : "DPoP") \(token)")]
        fields += [("Accept", "application/json"), ("Content-Type", "application/json")]
        if let proof { fields.append(("DPoP", proof)) }
        return try await PlainRequest(to: HTTPEndpoint(url: url)).send(
            "POST",
            fields: fields,
            body: Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8),
            within: .seconds(60),
            on: SystemScheduler.shared
        ).status
    }

    @Test("a real server issues, verifies and renews bound tokens", arguments: [["--dpop"], ["--dpop", "--nonce"]])
    func realServer(_ arguments: [String]) async throws {
        try #require(TestPeers.oauth.isAvailable, "\(TestPeers.absence)")
        let script = TestPeers.script("servers/oauth_server.py")
        let peer = try await HTTPPeer([TestPeers.oauth.python, script] + arguments)
        let client = OAuthClient(id: "machine", secret: "machine-secret")
        let settings = AuthorizationSettings(server: try HTTPURL(peer.url), client: client)
        let network = NetworkHTTP(like: HTTPEndpoint(url: peer.url), settings, clock: SystemScheduler.shared)
        let now: @Sendable () -> Int64 = { Int64(time(nil)) }
        let flow = AuthorizationFlow(
            settings,
            http: { request async throws(AuthHTTPFailure) in try await network.send(request) },
            clock: SystemScheduler.shared,
            now: now
        )
        let authorization = try await flow.authorize(by: .clientCredentials)
        let token = authorization.tokens.accessToken
        let key = try #require(authorization.possession)
        #expect(try await request(peer.url, token, proof: nil) == 401)
        let stolen = try PossessionKey.generate(.es256).proof("POST", peer.url, token: token, nonce: nil, now: now())
        #expect(try await request(peer.url, token, proof: stolen) == 401)
        guard arguments.count == 1 else { return }
        let proof = try key.proof("POST", peer.url, token: token, nonce: nil, now: now())
        #expect(try await request(peer.url, token, proof: proof) == 200)
        #expect(try await request(peer.url, token, proof: proof) == 401)
    }
}

/// The response with a token that is bound to a key.
private func bound(_ access: String, refresh: String? = nil) -> AuthResponse {
    var object: JSONObject = ["access_token": .string(access), "token_type": "DPoP", "expires_in": 3600]
    object["refresh_token"] = refresh.map(JSONValue.string)
    return World.json(200, object)
}

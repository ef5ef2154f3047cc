import AsyncRuntime
import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import MCPTransport
import Synchronization
import TestSupport
import Testing

@testable import MCPAuthServer

/// Our HTTP server as a resource server: which tokens it accepts, and how it refuses the others.
@Suite(.timeLimit(.minutes(2)))
struct ResourceServerTests {
    private static let issuer = "https://issuer.example"
    private static let audience = "https://mcp.example/mcp"
    private static let now: Int64 = 1_800_000_000

    private static func mint() throws -> TokenMint {
        TokenMint(issuer: issuer, key: try SigningKey.generate().identified())
    }

    private static func rules(_ omitted: Set<TokenCheck> = []) -> TokenRules {
        TokenRules(
            issuer: issuer,
            audiences: [audience],
            requiredScopes: ScopeSet(["use"]),
            isRevoked: { $0 == "revoked" },
            omitted: omitted
        )
    }

    private static func claims(_ mint: TokenMint) -> JSONObject {
        mint.claims(
            .init(subject: "alice", client: "c", audience: audience, scopes: ScopeSet(["use"]), issuedAt: now)
        )
    }

    private static func verifier(_ mint: TokenMint, _ omitted: Set<TokenCheck> = []) throws -> JWTVerifier {
        let keys = try #require(KeySet(try mint.keyDocument()))
        return JWTVerifier(
            rules(omitted),
            fetch: { .success(keys) },
            clock: FakeClock(),
            now: { now }
        )
    }

    /// A change of the claims, the reason for which the token is refused, and the check that finds it.
    private static let wrong: [(String, JSONValue?, String, TokenCheck?)] = [
        ("exp", JSONValue(now - 31), "expired", .expiry), ("exp", nil, "no expiry", .expiry),
        ("exp", "never", "no expiry", .expiry), ("nbf", JSONValue(now + 31), "not valid yet", .notBefore),
        ("nbf", "later", "not valid yet", .notBefore),
        ("aud", "https://other.example/mcp", "another resource", .audience),
        ("aud", nil, "another resource", .audience), ("aud", ["https://other.example"], "another resource", .audience),
        ("iss", "https://issuer.example/", "another issuer", .issuer), ("iss", nil, "another issuer", .issuer),
        ("jti", "revoked", "revoked", .revocation),
    ]

    @Test(
        "a token that is wrong in one claim is refused with the reason, unless that check is omitted",
        arguments: wrong.indices
    )
    func wrongClaims(_ index: Int) async throws {
        let (name, value, reason, check) = Self.wrong[index]
        let mint = try Self.mint()
        var claims = Self.claims(mint)
        claims[name] = value
        let token = try mint.sign(claims)
        guard case .invalid(let found) = await (try Self.verifier(mint)).verdictAfterFetching(on: token) else {
            Issue.record("the token was accepted")
            return
        }
        #expect(found.contains(reason), "\(found)")
        if let check {
            let verdict = await (try Self.verifier(mint, [check])).verdictAfterFetching(on: token)
            #expect(verdict == .valid(.subject("alice")))
        }
    }

    @Test("clocks may differ by 30 seconds, and an audience by a slash at its end")
    func tolerance() async throws {
        let mint = try Self.mint()
        let rows: [(String, JSONValue)] = [
            ("exp", JSONValue(Self.now - 29)), ("nbf", JSONValue(Self.now + 30)), ("aud", "\(Self.audience)/"),
            ("aud", ["https://other.example", .string(Self.audience)]), ("scope", "other use"),
        ]
        for (name, value) in rows {
            var claims = Self.claims(mint)
            claims[name] = value
            let verdict = await (try Self.verifier(mint)).verdictAfterFetching(on: try mint.sign(claims))
            #expect(verdict == .valid(.subject("alice")), "\(name)")
        }
    }

    @Test("a token without a needed scope is refused with all that are needed")
    func missingScope() async throws {
        let mint = try Self.mint()
        var claims = Self.claims(mint)
        claims["scope"] = "used"
        let verdict = await (try Self.verifier(mint)).verdictAfterFetching(on: try mint.sign(claims))
        #expect(verdict == .insufficientScope(needed: ["use"]))
        claims["scope"] = nil
        claims["scp"] = ["use"]
        let listed = await (try Self.verifier(mint)).verdictAfterFetching(on: try mint.sign(claims))
        #expect(listed == .valid(.subject("alice")))
    }

    @Test("text that is not a JWT, and JWTs with bad headers, are refused without a crash")
    func malformedTokens() async throws {
        let mint = try Self.mint()
        let valid = try mint.sign(Self.claims(mint))
        let parts = valid.split(separator: ".").map(String.init)
        let header = { (json: String) in Base64URL.encode(Array(json.utf8)) }
        let tokens = [
            "", "a", "a.b.c", "..", "\(parts[0]).\(parts[1])", "\(parts[0]).\(parts[1]).", "\(valid).x", "\(valid)!",
            "\(parts[0]).\(parts[1]).AAAA", "\(header(#"{"alg":"none"}"#)).\(parts[1]).",
            "\(header(#"{"alg":"HS256"}"#)).\(parts[1]).\(parts[2])",
            "\(header(#"{"alg":"ES512"}"#)).\(parts[1]).\(parts[2])",
            "\(header(#"{"alg":["ES256"]}"#)).\(parts[1]).\(parts[2])",
            "\(header(#"{"alg":"ES256","crit":["b64"]}"#)).\(parts[1]).\(parts[2])",
        ]
        let verifier = try Self.verifier(mint)
        for token in tokens {
            guard case .invalid = await verifier.verdictAfterFetching(on: token) else {
                Issue.record("\(token) was not refused")
                continue
            }
        }
        #expect(verifier.verdict(on: valid) == .valid(.subject("alice")))
    }

    // MARK: - Keys

    @Test("keys are fetched once, and again for an unknown key, but not for each request with one")
    func rotation() async throws {
        let (old, new) = (try Self.mint(), try Self.mint())
        let fetches = Mutex(0)
        let documents = Mutex(try old.keyDocument())
        let clock = FakeClock()
        let verifier = JWTVerifier(
            Self.rules(),
            fetch: {
                fetches.withLock { $0 += 1 }
                return KeySet(documents.withLock { $0 }).map(Result.success) ?? .failure(.init(reason: "none"))
            },
            clock: clock,
            now: { Self.now }
        )
        let (first, second) = (try old.sign(Self.claims(old)), try new.sign(Self.claims(new)))
        #expect(verifier.verdict(on: first) == nil, "the keys were not fetched")
        #expect(await verifier.verdictAfterFetching(on: first) == .valid(.subject("alice")))
        #expect(verifier.verdict(on: first) == .valid(.subject("alice")))
        // Anyone can send tokens with unknown keys.
        let unknown = TokenVerdict.invalid(reason: "the token is signed with an unknown key")
        for _ in 2...20 {
            #expect(await verifier.verdictAfterFetching(on: second) == unknown)
        }
        #expect(verifier.verdict(on: second) == unknown, "too early to look again")
        #expect(fetches.withLock { $0 } == JWTVerifier.limit)
        let rotated = try new.keyDocument()
        documents.withLock { $0 = rotated }
        clock.advance(by: JWTVerifier.period)
        #expect(verifier.verdict(on: second) == nil)
        #expect(await verifier.verdictAfterFetching(on: second) == .valid(.subject("alice")))
        #expect(fetches.withLock { $0 } == JWTVerifier.limit + 1)
        // Another rotation may follow at once.
        let former = try old.keyDocument()
        documents.withLock { $0 = former }
        #expect(await verifier.verdictAfterFetching(on: first) == .valid(.subject("alice")))
        documents.withLock { $0 = rotated }
        #expect(await verifier.verdictAfterFetching(on: second) == .valid(.subject("alice")))
        // The old key was withdrawn.
        #expect(await verifier.verdictAfterFetching(on: first) == unknown)
        clock.advance(by: JWTVerifier.lifetime)
        #expect(verifier.verdict(on: second) == nil, "old keys are fetched again")
    }

    @Test("keys that cannot be fetched are not the client's fault, and old keys go on being used")
    func unavailableKeys() async throws {
        let mint = try Self.mint()
        let keys = try #require(KeySet(try mint.keyDocument()))
        let isUp = Mutex(false)
        let clock = FakeClock()
        let verifier = JWTVerifier(
            Self.rules(),
            fetch: { isUp.withLock { $0 } ? .success(keys) : .failure(.init(reason: "it is down")) },
            clock: clock,
            now: { Self.now }
        )
        let token = try mint.sign(Self.claims(mint))
        guard case .undecided(let reason) = await verifier.verdictAfterFetching(on: token) else {
            Issue.record("decided without keys")
            return
        }
        #expect(reason.contains("it is down") && reason.contains(Self.issuer))
        guard case .undecided = verifier.verdict(on: token) else {
            Issue.record("fetched again at once")
            return
        }
        isUp.withLock { $0 = true }
        clock.advance(by: JWTVerifier.pause)
        #expect(await verifier.verdictAfterFetching(on: token) == .valid(.subject("alice")))
        isUp.withLock { $0 = false }
        clock.advance(by: JWTVerifier.lifetime)
        #expect(await verifier.verdictAfterFetching(on: token) == .valid(.subject("alice")))
    }

    @Test("many requests at once cause one fetch")
    func oneFetch() async throws {
        let mint = try Self.mint()
        let keys = try #require(KeySet(try mint.keyDocument()))
        let fetches = Mutex(0)
        let latch = Latch<Void>()
        let verifier = JWTVerifier(
            Self.rules(),
            fetch: {
                fetches.withLock { $0 += 1 }
                await latch.wait()
                return .success(keys)
            },
            clock: FakeClock(),
            now: { Self.now }
        )
        let token = try mint.sign(Self.claims(mint))
        try await withThrowingTaskGroup(of: TokenVerdict.self) { group in
            for _ in 0..<10 { group.addTask { await verifier.verdictAfterFetching(on: token) } }
            latch.open()
            for try await verdict in group { #expect(verdict == .valid(.subject("alice"))) }
        }
        #expect(fetches.withLock { $0 } == 1)
    }

    @Test("the keys of an issuer are found by its metadata, which must name the same issuer")
    func keySource() async throws {
        let mint = try Self.mint()
        let keys = try mint.keyDocument()
        let metadata = Mutex<JSONObject>([
            "issuer": "https://issuer.example/t", "jwks_uri": "https://keys.example/jwks",
        ])
        let http: AuthHTTP = { request async throws(AuthHTTPFailure) in
            let document: JSONObject? =
                switch request.url.requestText {
                case "https://issuer.example/t/.well-known/openid-configuration": metadata.withLock { $0 }
                case "https://keys.example/jwks": keys
                default: nil
                }
            guard let document else { return AuthResponse(status: 404) }
            return AuthResponse(status: 200, body: Array(JSONValue.object(document).description.utf8))
        }
        let source = try KeySource(issuer: "https://issuer.example/t", http: http)
        #expect(try await source.fetch().get().keys.map(\.id) == [mint.key.id])
        let refusals: [(JSONObject, String)] = [
            (["issuer": "https://issuer.example/t/", "jwks_uri": "https://keys.example/jwks"], "its issuer is not"),
            (["issuer": "https://issuer.example/t"], "no jwks_uri"),
            (["issuer": "https://issuer.example/t", "jwks_uri": "http://169.254.169.254/jwks"], "was not requested"),
            (["issuer": "https://issuer.example/t", "jwks_uri": "https://keys.example/other"], "status 404"),
            (["issuer": "https://issuer.example/t", "jwks_uri": "nonsense"], "does not start with http"),
        ]
        for (document, reason) in refusals {
            metadata.withLock { $0 = document }
            guard case .failure(let fault) = await source.fetch() else {
                Issue.record("\(reason) was not noticed")
                continue
            }
            #expect(fault.reason.contains(reason), "\(fault.reason)")
        }
        let given = try KeySource(
            issuer: "https://unreachable.example",
            keys: try HTTPURL("https://keys.example/jwks"),
            http: http
        )
        #expect(try await given.fetch().get().keys.count == 1)
    }

    // MARK: - Over HTTP

    /// A server that trusts an issuer whose keys are fetched when the first token comes.
    private func serving(
        _ body: (_ url: String, _ token: (_ user: String, _ scopes: [String]) throws -> String) async throws -> Void
    ) async throws {
        let mint = TokenMint(issuer: "http://127.0.0.1:1", key: try SigningKey.generate().identified())
        let keys = try mint.keyDocument()
        let change = { (options: inout HTTPServerOptions) in
            options.makeSite = { url in
                do {
                    let resource = try ProtectedResource(
                        issuer: mint.issuer,
                        keys: try HTTPURL("http://127.0.0.1:1/keys"),
                        requiredScopes: ScopeSet(["use"])
                    )
                    return try resource.site(
                        at: url,
                        http: { _ async throws(AuthHTTPFailure) in
                            AuthResponse(status: 200, body: Array(JSONValue.object(keys).description.utf8))
                        },
                        clock: SystemScheduler.shared,
                        now: Protected.now
                    )
                } catch {
                    preconditionFailure("\(error)")
                }
            }
        }
        try await Protected.serve(change) { url in
            try await body(url) { user, scopes in
                try mint.sign(
                    mint.claims(
                        .init(
                            subject: user,
                            client: "c",
                            audience: url,
                            scopes: ScopeSet(scopes),
                            issuedAt: Protected.now()
                        )
                    )
                )
            }
        }
    }

    @Test("a valid token is served, and the refusal of others names the metadata and the scope")
    func statusAndChallenge() async throws {
        try await serving { url, token in
            let origin = try HTTPURL(url).origin
            let metadata = "\(origin)/.well-known/oauth-protected-resource/mcp"
            #expect(try await Protected.post(url, token: try token("alice", ["use"])).status == 200)
            let none = try await Protected.post(url)
            #expect(none.status == 401)
            #expect(none.value(of: "WWW-Authenticate") == "Bearer resource_metadata=\"\(metadata)\", scope=\"use\"")
            let wrong = try await Protected.post(url, token: "wrong-token")
            #expect(wrong.status == 401)
            let challenges = Challenges(parsing: [wrong.value(of: "WWW-Authenticate") ?? ""])
            #expect(challenges.problems.isEmpty)
            #expect(challenges.token?.error == "invalid_token")
            #expect(challenges.token?.resourceMetadata == metadata)
            #expect(!String(decoding: wrong.body, as: UTF8.self).contains("wrong-token"))
            let weak = try await Protected.post(url, token: try token("alice", ["other"]))
            #expect(weak.status == 403)
            let scoped = Challenges(parsing: [weak.value(of: "WWW-Authenticate") ?? ""]).token
            #expect(scoped?.error == "insufficient_scope")
            #expect(scoped?.scopes == ScopeSet(["use"]))
            #expect(scoped?.resourceMetadata == metadata)
            let query = try await Protected.post("\(url)?access_token=\(try token("alice", ["use"]))")
            #expect(query.status == 401)
        }
    }

    @Test("the metadata is at both well-known places, without a token and for every web page")
    func metadata() async throws {
        try await serving { url, _ in
            let origin = try HTTPURL(url).origin
            for place in ["/mcp", ""] {
                let response = try await Protected.get(
                    "\(origin)/.well-known/oauth-protected-resource\(place)",
                    fields: [("Origin", "https://page.example")]
                )
                #expect(response.status == 200)
                #expect(response.value(of: "Access-Control-Allow-Origin") == "*")
                let document = try #require(try JSONValue(parsing: response.body).object)
                #expect(document["resource"]?.string == url)
                #expect(document["authorization_servers"] == ["http://127.0.0.1:1"])
                #expect(document["scopes_supported"] == ["use"])
            }
            #expect(try await Protected.get("\(origin)/.well-known/openid-configuration").status == 401)
        }
    }

    @Test("a session belongs to the principal that opened it")
    func sessions() async throws {
        try await serving { url, token in
            let (alice, bob) = (try token("alice", ["use"]), try token("bob", ["use"]))
            let session = try #require(try await Protected.post(url, token: alice).value(of: "Mcp-Session-Id"))
            let ping = { (token: String?) in
                try await Protected.post(url, token: token, session: session, Protected.ping).status
            }
            #expect(try await ping(alice) == 200)
            #expect(try await ping(bob) == 404)
            #expect(try await ping(nil) == 401)
            // S380, X03: no one else opens its stream or ends it.
            for method in ["GET", "DELETE"] {
                for (token, status) in [(nil, 401), ("wrong-token", 401), (bob, 404)] as [(String?, Int)] {
                    let credentials = token.map { [("Authorization", "Bearer \($0)")] } ?? []
                    let fields = [
                        ("Mcp-Session-Id", session), ("Accept", "text/event-stream"),
                        ("MCP-Protocol-Version", "2025-11-25"),
                    ]
                    let response = try await PlainRequest(to: HTTPEndpoint(url: url)).send(
                        method,
                        fields: fields + credentials,
                        body: nil,
                        within: .seconds(60),
                        on: SystemScheduler.shared
                    )
                    #expect(response.status == status, "\(method) \(token ?? "")")
                    #expect((response.value(of: "WWW-Authenticate") != nil) == (status == 401))
                }
            }
            #expect(try await ping(alice) == 200)
            // Another token of the same user.
            #expect(try await ping(try token("alice", ["use", "more"])) == 200)
        }
    }
}

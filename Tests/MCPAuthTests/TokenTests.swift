import JSON
import JWTKit
import Testing
import TextUtilities

@testable import MCPAuth

/// C187, C188, C191 and C192: token requests and responses.
struct TokenTests {
    private static let badResponses: [(AuthResponse, AuthFailure.Kind, String)] = [
        (World.json(200, [:]), .malformedResponse, "without access_token"),
        (World.json(200, ["access_token": "a b"]), .malformedResponse, "characters"),
        (World.json(200, ["access_token": "x\r\ny"]), .malformedResponse, "characters"),
        (World.json(200, ["access_token": "x", "token_type": "mac"]), .malformedResponse, "expected Bearer"),
        (
            AuthResponse(status: 200, fields: [.init("Content-Type", "text/html")], body: Array("<html>".utf8)),
            .malformedResponse, "web page"
        ),
        (AuthResponse(status: 500, body: Array("oops".utf8)), .malformedResponse, "status 500"),
        (World.error("invalid_grant", text: "used"), .tokenRefused, "invalid_grant (used)"),
        (World.error("invalid_client", status: 401), .tokenRefused, "invalid_client"),
        (World.json(400, ["detail": "x"]), .tokenRefused, "status 400"),
        (
            AuthResponse(status: 302, fields: [.init("Location", "https://evil.example/")]), .malformedResponse,
            "status 302"
        ),
    ]

    @Test("a token response that is not one is reported with its cause, once", arguments: badResponses.indices)
    func badTokenResponses(_ index: Int) async throws {
        let (response, kind, text) = Self.badResponses[index]
        let world = World()
        world.set("POST \(World.issuer)/token") { _ in response }
        let failure = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(failure?.kind == kind)
        #expect(failure?.message.contains(text) == true, "\(failure?.message ?? "")")
        #expect(world.forms().count == 1)
    }

    @Test("a web page at the token endpoint is not shown, and the advice says what to expect there")
    func webPageAtTheTokenEndpoint() async throws {
        for status in [200, 500] {
            let world = World()
            world.set("POST \(World.issuer)/token", status: status, type: "text/html", body: "<p>secret-code-1</p>")
            let flow = try world.flow()
            let failure = await failure { try await flow.authorize(by: world.code()) }
            #expect(failure?.advice?.contains("answer with JSON") == true)
            #expect(flow.trace.steps.last?.advice == failure?.advice)
            #expect(failure?.message.contains("<p>") == false)
        }
    }

    @Test("expires_in may be a string or absent, and token_type in any case")
    func tolerantResponses() async throws {
        let rows: [(JSONObject, Int64?)] = [
            (["access_token": "x", "token_type": "bEARER", "expires_in": "60"], 60),
            (["access_token": "x", "token_type": "Bearer"], nil), (["access_token": "x", "expires_in": 1.5], 1),
            (["access_token": "x", "token_type": "Bearer", "expires_in": -1], nil),
            (["access_token": "x", "token_type": "Bearer", "expires_in": 1e300], 10_000_000_000),
        ]
        for (response, lifetime) in rows {
            let world = World()
            world.set("POST \(World.issuer)/token", json: response)
            let flow = try world.flow()
            let tokens = try await flow.authorize(by: world.code()).tokens
            #expect(tokens.expiresAt.map { $0 - flow.now() } == lifetime)
        }
    }

    @Test("C191: client credentials with a secret need no registration and no user")
    func clientCredentialsWithSecret() async throws {
        let rows: [(JSONValue, String?, String?)] = [
            (["client_secret_basic"], "Basic bXklMjBpZDpzZWNyZXQlM0F3JTJGJTI1", nil),
            (["client_secret_post"], nil, "secret:w/%"), (nil, "Basic bXklMjBpZDpzZWNyZXQlM0F3JTJGJTI1", nil),
        ]
        for (methods, header, secret) in rows {
            let world = World()
            world.set(
                World.serverPlace,
                json: World.serverDocument([
                    "token_endpoint_auth_methods_supported": methods, "code_challenge_methods_supported": nil,
                ])
            )
            let flow = try world.flow { $0.client = OAuthClient(id: "my id", secret: "secret:w/%") }
            let authorization = try await flow.authorize(by: .clientCredentials, after: challenge(#"Bearer scope="a""#))
            #expect(authorization.tokens.accessToken == "access-token-1")
            let form = try #require(world.forms().first)
            #expect(form.values(of: "grant_type") == ["client_credentials"])
            #expect(form.values(of: "scope") == ["a"])
            #expect(form.values(of: "resource") == [World.server])
            #expect(form.values(of: "client_secret") == (secret.map { [$0] } ?? []))
            #expect(world.authorizationHeaders() == (header.map { [$0] } ?? []))
            #expect(try world.registrations().isEmpty)
        }
    }

    @Test("C191: client credentials without a client are refused with advice, and register nothing")
    func clientCredentialsWithoutClient() async throws {
        let world = World()
        let failure = await failure { try await world.flow().authorize(by: .clientCredentials) }
        #expect(failure?.kind == .needsClient)
        #expect(try world.registrations().isEmpty)
    }

    @Test("a secret that the token endpoint cannot take is reported before it is sent")
    func incompatibleAuthentication() async throws {
        let world = World()
        world.set(
            World.serverPlace,
            json: World.serverDocument(["token_endpoint_auth_methods_supported": ["private_key_jwt"]])
        )
        let flow = try world.flow { $0.client = OAuthClient(id: "mine", secret: "my-secret") }
        #expect(await failure { try await flow.authorize(by: .clientCredentials) }?.kind == .noClientAuthentication)
        #expect(world.forms().isEmpty)
    }

    private struct Claims: JWTPayload {
        var iss: String
        var sub: String
        var aud: String
        var iat: Int64
        var exp: Int64
        var jti: String
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    @Test(
        "C191: a client assertion is signed with the key's algorithm and names client, issuer and a short time",
        arguments: ["ES256", "ES384", "EdDSA", "RS256", "PS256"]
    )
    func clientAssertion(_ algorithm: String) async throws {
        let keys = JWTKeyCollection()
        let pem: String
        switch algorithm {
        case "ES256":
            let key = ES256PrivateKey()
            pem = key.pemRepresentation
            await keys.add(ecdsa: key.publicKey)
        case "ES384":
            let key = ES384PrivateKey()
            pem = key.pemRepresentation
            await keys.add(ecdsa: key.publicKey)
        case "EdDSA":
            let key = try EdDSA.PrivateKey(curve: .ed25519)
            pem = key.pemRepresentation
            await keys.add(eddsa: key.publicKey)
        default:
            let key = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
            pem = TestKeys.rsa
            if algorithm == "PS256" {
                await keys.add(pss: key.publicKey, digestAlgorithm: .sha256)
            } else {
                await keys.add(rsa: key.publicKey, digestAlgorithm: .sha256)
            }
        }
        let world = World()
        world.set(
            World.serverPlace,
            json: World.serverDocument(["token_endpoint_auth_methods_supported": ["private_key_jwt"]])
        )
        let name = algorithm == "PS256" ? algorithm : nil
        let flow = try world.flow {
            $0.client = OAuthClient(id: "mine", key: SigningKey(pem: pem, algorithm: name, id: "key-1"))
        }
        _ = try await flow.authorize(by: .clientCredentials)
        _ = try await flow.authorize(by: .clientCredentials)
        let assertions = world.forms().flatMap { $0.values(of: "client_assertion") }
        var identifiers: Set<String> = []
        for assertion in assertions {
            let claims = try await keys.verify(assertion, as: Claims.self)
            #expect(claims.iss == "mine" && claims.sub == "mine" && claims.aud == World.issuer)
            #expect(claims.iat == flow.now() && claims.exp == flow.now() + 300)
            identifiers.insert(claims.jti)
            let header = try #require(TokenClaims(assertion)?.header)
            #expect(header["alg"]?.string == algorithm)
            #expect(header["kid"] == "key-1")
        }
        #expect(identifiers.count == 2)
        let form = try #require(world.forms().first)
        #expect(
            form.values(of: "client_assertion_type") == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
        )
        #expect(form.values(of: "client_id").isEmpty)
    }

    @Test("a client assertion is signed with an algorithm that the token endpoint lists, or none is sent")
    func assertionAlgorithms() async throws {
        let elliptic = ES256PrivateKey().pemRepresentation
        let rows: [(String, JSONValue, String?)] = [
            (TestKeys.rsa, ["PS256", "ES256"], "PS256"), (TestKeys.rsa, ["RS512", "RS256"], "RS256"),
            (TestKeys.rsa, nil, "RS256"), (TestKeys.rsa, ["ES256"], nil), (elliptic, ["ES256"], "ES256"),
            (elliptic, ["RS256", "PS256"], nil),
        ]
        for (pem, listed, expected) in rows {
            let world = World()
            world.set(
                World.serverPlace,
                json: World.serverDocument([
                    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                    "token_endpoint_auth_signing_alg_values_supported": listed,
                ])
            )
            let flow = try world.flow { $0.client = OAuthClient(id: "mine", key: SigningKey(pem: pem)) }
            let failure = await failure {
                let authorization = try await flow.authorize(by: .clientCredentials)
                // A refresh has no metadata: the algorithm is kept.
                if listed != nil { #expect(authorization.client.key?.algorithm == expected) }
                _ = try await flow.refresh(authorization)
            }
            #expect(failure?.kind == (expected == nil ? .noClientAuthentication : nil), "\(failure?.message ?? "")")
            if expected == nil { #expect(failure?.message.contains("accepts assertions signed with") == true) }
            let assertions = world.forms().flatMap { $0.values(of: "client_assertion") }
            #expect(assertions.count == (expected == nil ? 0 : 2))
            #expect(assertions.allSatisfy { TokenClaims($0)?.header["alg"]?.string == expected })
        }
    }

    @Test("a key that cannot be used is reported without its content")
    func unusableKeys() async throws {
        let rows: [(String, String?, String)] = [
            ("no key at all", nil, "not an EC, RSA or Ed25519"),
            (ES256PrivateKey().pemRepresentation, "RS256", "for RS256"),
            (ES256PrivateKey().pemRepresentation, "HS256", "HS256 is unknown"),
        ]
        for (pem, algorithm, text) in rows {
            let world = World()
            let flow = try world.flow {
                $0.client = OAuthClient(
                    id: "mine",
                    key: SigningKey(pem: pem, algorithm: algorithm),
                    authentication: .privateKeyJWT
                )
            }
            let failure = await failure { try await flow.authorize(by: .clientCredentials) }
            #expect(failure?.kind == .invalidKey)
            #expect(failure?.message.contains(text) == true, "\(failure?.message ?? "")")
            #expect(failure?.message.contains(pem) == false)
        }
    }

    @Test("a given refresh token is exchanged after discovery")
    func givenRefreshToken() async throws {
        let world = World()
        world.set("POST \(World.issuer)/token") { _ in World.token("fresh") }
        let flow = try world.flow { $0.client = OAuthClient(id: "mine") }
        let tokens = try await flow.authorize(by: .refreshToken("given-refresh")).tokens
        #expect(tokens.accessToken == "fresh")
        #expect(tokens.refreshToken == "given-refresh")
        #expect(world.forms().first?.values(of: "refresh_token") == ["given-refresh"])
    }

    @Test("a rotated refresh token replaces the former one, and a missing one does not")
    func rotation() async throws {
        let world = World()
        let flow = try world.flow()
        let first = try await flow.authorize(by: world.code())
        world.set("POST \(World.issuer)/token") { _ in World.token("second", refresh: "refresh-token-2") }
        let second = try await flow.refresh(first)
        #expect(second.tokens.refreshToken == "refresh-token-2")
        world.set("POST \(World.issuer)/token") { _ in World.token("third") }
        let third = try await flow.refresh(second)
        #expect(third.tokens.refreshToken == "refresh-token-2")
        #expect(world.forms().map { $0.values(of: "refresh_token") } == [[], ["refresh-token-1"], ["refresh-token-2"]])
    }

    @Test("claims of a JWT are read, and other tokens are not")
    func claimsAreRead() throws {
        let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        let payload = Base64URL.encode(Array(#"{"sub":"é","exp":1}"#.utf8))
        let claims = try #require(TokenClaims("\(header).\(payload)."))
        #expect(claims.claims["sub"] == "é")
        for token in ["", "a.b.c", "opaque", "\(header).\(payload)", "\(payload).\(payload).x"] {
            #expect(TokenClaims(token) == nil)
        }
    }
}

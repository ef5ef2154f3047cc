import AsyncRuntime
import JSON
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import Synchronization
import TestSupport
import Testing

@testable import MCPAuth
@testable import MCPAuthServer

/// The built-in authorization server, used by our own client and by hand.
@Suite(.timeLimit(.minutes(2)))
struct DemoIssuerTests {
    /// An interaction that opens the URL as a browser does, and takes the redirect.
    private static func browser(_ press: String? = nil) -> CodeInteraction {
        CodeInteraction(redirectURI: "http://127.0.0.1:4711/callback") { url, _ async throws(AuthFailure) in
            do {
                var response = try await Protected.get(url.requestText)
                if let press {
                    let page = String(decoding: response.body, as: UTF8.self)
                    // X07, X16: what the user decides on, in a page that no other page frames.
                    #expect(page.contains("returns to http://127.0.0.1:4711/callback"), "\(page)")
                    #expect(page.contains("asks for the scopes &quot;\(DemoIssuer.scope)&quot;"), "\(page)")
                    let policy = response.value(of: "Content-Security-Policy")
                    #expect(policy?.contains("frame-ancestors 'none'") == true)
                    let key = page.split(separator: "name=\"request\" value=\"").last?.prefix { $0 != "\"" } ?? ""
                    response = try await form(url, "request=\(key)&decision=\(press)")
                    // X10: a decision counts once.
                    #expect(try await form(url, "request=\(key)&decision=allow").status == 400)
                }
                return try Callback(pasted: response.value(of: "Location") ?? "")
            } catch let failure as AuthFailure {
                throw failure
            } catch {
                throw AuthFailure(.malformedCallback, "\(error)")
            }
        }
    }

    private static func form(
        _ url: HTTPURL,
        _ body: String,
        authorization: String? = nil
    ) async throws -> PlainRequest.Response {
        var target = url
        target.query = nil
        let fields = [("Content-Type", "application/x-www-form-urlencoded")]
        return try await PlainRequest(to: HTTPEndpoint(url: target.requestText)).send(
            "POST",
            fields: fields + (authorization.map { [("Authorization", $0)] } ?? []),
            body: Array(body.utf8),
            within: .seconds(60),
            on: SystemScheduler.shared
        )
    }

    @Test("our client gets in by the code grant in four requests, and renews its token, once")
    func codeGrant() async throws {
        try await Protected.run { server in
            let flow = try server.flow()
            let authorization = try await flow.authorize(by: .code(Self.browser()))
            #expect(
                flow.trace.steps.allSatisfy { $0.verdict == .ok || $0.verdict == .absent },
                "\(flow.trace.steps.map(\.json))"
            )
            #expect(flow.trace.requestCount == 4)
            #expect(authorization.resource.text == server.url)
            #expect(authorization.tokens.grantedScopes == ScopeSet([DemoIssuer.scope]))
            #expect(try await Protected.post(server.url, token: authorization.tokens.accessToken).status == 200)
            let renewed = try await flow.refresh(authorization)
            #expect(renewed.tokens.refreshToken != authorization.tokens.refreshToken)
            #expect(try await Protected.post(server.url, token: renewed.tokens.accessToken).status == 200)
            // A refresh token that is used twice ends all tokens of this consent.
            await #expect(throws: AuthFailure.self) { try await flow.refresh(authorization) }
            #expect(try await Protected.post(server.url, token: renewed.tokens.accessToken).status == 401)
            await #expect(throws: AuthFailure.self) { try await flow.refresh(renewed) }
        }
    }

    @Test("with a page, the user allows or denies")
    func consentPage() async throws {
        try await Protected.run(consent: .page) { server in
            let allowed = try await server.flow().authorize(by: .code(Self.browser("allow")))
            #expect(try await Protected.post(server.url, token: allowed.tokens.accessToken).status == 200)
            let flow = try server.flow()
            do throws(AuthFailure) {
                _ = try await flow.authorize(by: .code(Self.browser("deny")))
                Issue.record("a denied request was authorized")
            } catch {
                #expect(error.kind == .denied)
            }
        }
    }

    @Test("a client may authorize itself, and a wrong secret or a public client may not")
    func clientCredentials() async throws {
        try await Protected.run { server in
            let machine = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
            for method in [nil, OAuthClient.Authentication.post] {
                var client = machine
                client.authentication = method
                let authorization = try await server.flow(client).authorize(by: .clientCredentials)
                #expect(try await Protected.post(server.url, token: authorization.tokens.accessToken).status == 200)
            }
            let wrong = OAuthClient(id: machine.id, secret: "wrong")
            let flow = try server.flow(wrong)
            do throws(AuthFailure) {
                _ = try await flow.authorize(by: .clientCredentials)
                Issue.record("a wrong secret was accepted")
            } catch {
                #expect(error.code == "invalid_client")
            }
        }
    }

    @Test("the device grant waits until the user has opened the page")
    func deviceGrant() async throws {
        try await Protected.run { server in
            let grant = AuthorizationGrant.device { prompt in
                do {
                    let page = try #require(prompt.completeURL)
                    #expect(try await Protected.get(page.requestText).status == 200)
                } catch {
                    Issue.record(error)
                }
            }
            let client = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
            let authorization = try await server.flow(client).authorize(by: grant)
            #expect(try await Protected.post(server.url, token: authorization.tokens.accessToken).status == 200)
        }
    }

    @Test("requests that break a rule of OAuth 2.1 are refused")
    func badRequests() async throws {
        try await Protected.run { server in
            let origin = try HTTPURL(server.url).origin
            let token = try HTTPURL("\(origin)/oauth/token")
            let register = try await PlainRequest(to: HTTPEndpoint(url: "\(origin)/oauth/register")).post(
                Array(
                    #"{"redirect_uris":["https://app.example/cb"],"token_endpoint_auth_method":"none"}"#.utf8
                ),
                within: .seconds(60),
                on: SystemScheduler.shared
            )
            #expect(register.status == 201)
            let id = try #require(try JSONValue(parsing: register.body)["client_id"]?.string)
            let base = "\(origin)/oauth/authorize?client_id=\(id)&response_type=code&state=s"
            let redirect = "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
            let challenge = "&code_challenge=\(ProofKey.challenge(of: "verifier"))&code_challenge_method=S256"
            // Never redirected: the client or its address is not known.
            for query in ["\(base)\(challenge)", "\(base)&redirect_uri=https%3A%2F%2Fapp.example%2Fother\(challenge)"] {
                let response = try await Protected.get(query)
                #expect(response.status == 400 && response.value(of: "Location") == nil)
            }
            let refusals = [
                ("\(base)\(redirect)", "invalid_request"),
                ("\(base)\(redirect)&code_challenge=x&code_challenge_method=plain", "invalid_request"),
                ("\(base)\(redirect)\(challenge)&scope=unknown", "invalid_scope"),
                ("\(base)\(redirect)\(challenge)&resource=https%3A%2F%2Fother.example", "invalid_target"),
            ]
            for (query, code) in refusals {
                let location = try await Protected.get(query).value(of: "Location") ?? ""
                #expect(location.contains("error=\(code)") && location.contains("state=s"), "\(location)")
                #expect(location.contains("iss="))
            }
            let location = try await Protected.get("\(base)\(redirect)\(challenge)").value(of: "Location") ?? ""
            let code = try #require(FormParameters(parsing: try HTTPURL(location).query ?? "")["code"])
            let exchange = "grant_type=authorization_code&client_id=\(id)&code=\(code)\(redirect)&code_verifier="
            #expect(try await Self.form(token, "\(exchange)wrong").status == 400)
            // The first attempt used the code up.
            #expect(try await Self.form(token, "\(exchange)verifier").status == 400)
        }
    }

    @Test("a revoked token is refused")
    func revocation() async throws {
        try await Protected.run { server in
            let client = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
            let access = try await server.flow(client).authorize(by: .clientCredentials).tokens.accessToken
            #expect(try await Protected.post(server.url, token: access).status == 200)
            let origin = try HTTPURL(server.url).origin
            #expect(try await Self.form(try HTTPURL("\(origin)/oauth/revoke"), "token=\(access)").status == 200)
            #expect(try await Protected.post(server.url, token: access).status == 401)
        }
    }

    @Test("a client ID metadata document must name its own URL")
    func clientMetadataDocument() async throws {
        let documents = ["/good": "http://127.0.0.1:9/good", "/bad": "http://127.0.0.1:9/good"]
        let issuer = try DemoIssuer(
            .init(issuer: "http://127.0.0.1:9", resources: ["http://127.0.0.1:9/mcp"], scopes: ScopeSet()),
            http: { request async throws(AuthHTTPFailure) in
                guard let id = documents[request.url.path] else { return AuthResponse(status: 404) }
                let body = #"{"client_id":"\#(id)","redirect_uris":["http://127.0.0.1/cb"]}"#
                return AuthResponse(status: 200, body: Array(body.utf8))
            },
            now: Protected.now
        )
        let authorize = { (id: String) in
            let query =
                "response_type=code&client_id=\(FormParameters.encode(id))&redirect_uri=http%3A%2F%2F127.0.0.1%3A5%2Fcb"
                + "&code_challenge=\(ProofKey.challenge(of: "v"))&code_challenge_method=S256"
            return await issuer.respond(to: SiteRequest(method: "GET", path: "/oauth/authorize", query: query)).status
        }
        #expect(await authorize("http://127.0.0.1:9/good") == 302)
        for id in ["http://127.0.0.1:9/bad", "http://127.0.0.1:9/missing", "http://10.0.0.1/good", "unknown"] {
            #expect(await authorize(id) == 400, "\(id)")
        }
    }

    @Test("each fault of metadata and challenges shows on the wire, and the sound server has none of them")
    func faults() async throws {
        try await Protected.run { server in
            let facts = try await Self.facts(of: server)
            #expect(facts.isEmpty)
        }
        let visible: [AuthFault] = [
            .noResourceMetadata, .otherResource, .trailingSlash, .resourcePath, .misplacedMetadata, .noServerMetadata,
            .wrongIssuer, .noS256, .noRegistration, .noCORS, .unknownScopes, .noChallenge, .malformedChallenge,
        ]
        for fault in visible {
            try await Protected.run([fault]) { server in
                let facts = try await Self.facts(of: server)
                #expect(facts.contains(fault), "\(fault)")
            }
        }
        try await Protected.run([.forbiddenWithoutScope]) { server in
            let issuer = try #require(server.issuer)
            let order = TokenMint.Order(
                subject: "a",
                client: "b",
                audience: server.url,
                scopes: ScopeSet(),
                issuedAt: Protected.now()
            )
            let response = try await Protected.post(server.url, token: try issuer.mint.sign(issuer.mint.claims(order)))
            #expect(response.status == 403 && response.value(of: "WWW-Authenticate") == nil)
        }
    }

    /// The faults that are visible from outside.
    private static func facts(of server: Protected) async throws -> Set<AuthFault> {
        let origin = try HTTPURL(server.url).origin
        var faults: Set<AuthFault> = []
        let refusal = try await Protected.post(server.url)
        let value = refusal.value(of: "WWW-Authenticate")
        if value == nil { faults.insert(.noChallenge) }
        if let value, !Challenges(parsing: [value]).problems.isEmpty { faults.insert(.malformedChallenge) }
        let well = try await Protected.get("\(origin)/.well-known/oauth-protected-resource/mcp")
        if well.status != 200 {
            let below = try await Protected.get("\(server.url)/.well-known/oauth-protected-resource")
            faults.insert(below.status == 200 ? .misplacedMetadata : .noResourceMetadata)
        } else {
            let document = try JSONValue(parsing: well.body)
            let resource = document["resource"]?.string ?? ""
            if resource == "\(server.url)/" {
                faults.insert(.trailingSlash)
            } else if !resource.hasPrefix(origin) {
                faults.insert(.otherResource)
            } else if resource != server.url {
                faults.insert(.resourcePath)
            }
            if document["scopes_supported"]?.array?.count != 1 { faults.insert(.unknownScopes) }
            if well.value(of: "Access-Control-Allow-Origin") == nil { faults.insert(.noCORS) }
        }
        let metadata = try await Protected.get("\(origin)/.well-known/oauth-authorization-server")
        guard metadata.status == 200 else { return faults.union([.noServerMetadata]) }
        let document = try JSONValue(parsing: metadata.body)
        if document["issuer"]?.string != origin { faults.insert(.wrongIssuer) }
        if document["code_challenge_methods_supported"] != ["S256"] { faults.insert(.noS256) }
        if document["registration_endpoint"] == nil { faults.insert(.noRegistration) }
        return faults
    }
}

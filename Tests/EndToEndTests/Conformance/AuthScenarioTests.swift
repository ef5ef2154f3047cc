import JSON
import Synchronization
import TestSupport
import Testing

/// The conformance client in the scenarios of authorization.
@Suite(.timeLimit(.minutes(15)))
struct AuthScenarioTests {
    private static let revisions = ["2025-11-25", "2026-07-28"]

    private typealias Play = AuthSuiteServer.Play

    /// A scenario in which the client must get to its results.
    private func succeed(
        _ scenario: String,
        _ play: AuthSuiteServer.Play = .init(),
        at revision: String = "2026-07-28",
        context: JSONValue? = nil,
        _ check: (AuthSuiteServer) throws -> Void = { _ in }
    ) async throws {
        let server = try AuthSuiteServer(play)
        defer { server.stop() }
        let run = try await server.run(scenario, at: revision, context: context)
        #expect(run.code == 0, "\(scenario) at \(revision): \(run)")
        #expect(server.results == 1)
        try check(server)
    }

    /// A scenario in which the client must stop before it requests a token.
    private func stop(
        _ scenario: String,
        _ play: AuthSuiteServer.Play,
        reachesAuthorization: Bool = true
    ) async throws {
        let server = try AuthSuiteServer(play)
        defer { server.stop() }
        let run = try await server.run(scenario, at: "2026-07-28")
        #expect(run.code == 1, "\(scenario): \(run)")
        #expect(server.authorizations.isEmpty != reachesAuthorization, "\(scenario): \(run)")
        #expect(server.tokenRequests.isEmpty)
    }

    @Test(arguments: revisions)
    func metadataIsFoundWhereverTheSpecificationAllows(_ revision: String) async throws {
        try await succeed("metadata-default", at: revision) { server in
            let form = try #require(server.tokenRequests.first).text
            let query = try #require(server.authorizations.first)
            for parameters in [form, query] {
                #expect(AuthSuiteServer.value("resource", parameters)?.removingPercents == "\(server.origin)/mcp")
            }
            #expect(AuthSuiteServer.value("code_challenge_method", query) == "S256")
            #expect(server.registrations.first?["application_type"] == "native")
            #expect(!server.requests.contains("GET /.well-known/oauth-protected-resource"))
        }
        var var1 = Play()
        (var1.isNamed, var1.serverPlace) = (false, "/.well-known/openid-configuration")
        try await succeed("metadata-var1", var1, at: revision)
        var var2 = Play()
        (var2.isNamed, var2.resourcePlace, var2.resource) = (false, "/.well-known/oauth-protected-resource", "")
        (var2.issuer, var2.serverPlace) = ("/tenant1", "/.well-known/oauth-authorization-server/tenant1")
        try await succeed("metadata-var2", var2, at: revision) {
            #expect(!$0.requests.contains("GET /.well-known/oauth-authorization-server"))
        }
        var var3 = Play()
        (var3.resourcePlace, var3.issuer) = ("/custom/metadata", "/tenant1")
        var3.serverPlace = "/tenant1/.well-known/openid-configuration"
        try await succeed("metadata-var3", var3, at: revision)
    }

    @Test
    func firstRevisionNeedsNoMetadata() async throws {
        var play = Play()
        (play.isNamed, play.resourcePlace) = (false, nil)
        try await succeed("2025-03-26-oauth-metadata-backcompat", play, at: "2025-03-26")
        play.serverPlace = nil
        try await succeed("2025-03-26-oauth-endpoint-fallback", play, at: "2025-03-26") {
            #expect($0.requests.contains("POST /register"))
            #expect($0.requests.contains("POST /token"))
        }
    }

    @Test
    func clientIsADocumentOrRegisteredOrGiven() async throws {
        var play = Play()
        play.server = ["client_id_metadata_document_supported": true]
        try await succeed("basic-cimd", play) { server in
            #expect(server.registrations.isEmpty)
            let id = AuthSuiteServer.value("client_id", try #require(server.authorizations.first))
            #expect(id?.removingPercents == "https://conformance-test.local/client-metadata.json")
        }
        play.server = ["registration_endpoint": nil, "token_endpoint_auth_methods_supported": ["client_secret_basic"]]
        let context: JSONValue = ["client_id": "known", "client_secret": "s3cret-of-known"]
        try await succeed("pre-registration", play, context: context) { server in
            let request = try #require(server.tokenRequests.first)
            #expect(request["authorization"]?.hasPrefix("Basic ") == true)
        }
        for (name, method) in [("basic", "client_secret_basic"), ("post", "client_secret_post"), ("none", "none")] {
            play.server = ["token_endpoint_auth_methods_supported": [.string(method)]]
            try await succeed("token-endpoint-auth-\(name)", play) { server in
                let request = try #require(server.tokenRequests.first)
                #expect((request["authorization"] != nil) == (name == "basic"))
                #expect(request.text.contains("client_secret=") == (name == "post"))
            }
        }
    }

    @Test
    func scopesAreThoseOfTheChallengeOrTheMetadataOrNone() async throws {
        func scope(_ server: AuthSuiteServer) -> String? {
            server.authorizations.first.flatMap { AuthSuiteServer.value("scope", $0) }?.removingPercents
        }
        var play = Play()
        play.scope = "mcp:basic"
        play.resourceChanges = ["scopes_supported": ["mcp:other"]]
        try await succeed("scope-from-www-authenticate", play) { #expect(scope($0) == "mcp:basic") }
        play.scope = nil
        play.resourceChanges = ["scopes_supported": ["mcp:basic", "mcp:read", "mcp:write"]]
        try await succeed("scope-from-scopes-supported", play) { #expect(scope($0) == "mcp:basic mcp:read mcp:write") }
        play.server = ["scopes_supported": ["mcp:basic", "offline_access"]]
        try await succeed("offline-access-scope", play) { server in
            #expect(scope(server)?.hasSuffix(" offline_access") == true)
            #expect(server.registrations.first?["grant_types"]?.array?.contains("refresh_token") == true)
        }
        play.server = ["scopes_supported": ["mcp:basic"]]
        try await succeed("offline-access-not-supported", play) { #expect(scope($0)?.contains("offline") == false) }
        try await succeed("scope-omitted-when-undefined") { #expect(scope($0) == nil) }
    }

    @Test(arguments: revisions)
    func scopesOfACallAreAddedAndAttemptsAreLimited(_ revision: String) async throws {
        var play = Play()
        (play.opensLate, play.scope, play.callScope) = (true, "mcp:basic", "mcp:write")
        play.resourceChanges = ["scopes_supported": ["mcp:profile"]]
        try await succeed("scope-step-up", play, at: revision) { server in
            let scopes = server.authorizations.map { AuthSuiteServer.value("scope", $0)?.removingPercents }
            #expect(scopes == ["mcp:basic", "mcp:basic mcp:write"])
        }
        play.neverContent = true
        let server = try AuthSuiteServer(play)
        defer { server.stop() }
        let run = try await server.run("scope-retry-limit", at: revision)
        #expect(run.code == 1, "\(run)")
        #expect((2...3).contains(server.authorizations.count), "\(server.authorizations)")
    }

    @Test(arguments: revisions)
    func authorizationServerMayChange(_ revision: String) async throws {
        let second = try AuthSuiteServer()
        defer { second.stop() }
        var play = Play()
        (play.opensLate, play.successor) = (true, second.origin)
        let first = try AuthSuiteServer(play)
        defer { first.stop() }
        first.accepts.withLock { $0 = { second.issued($0) } }
        let run = try await first.run("authorization-server-migration", at: revision)
        #expect(run.code == 0, "\(run)")
        #expect(first.results == 1)
        #expect(second.registrations.count == 1)
        let shown = second.authorizations.joined() + second.tokenRequests.map(\.text).joined()
        #expect(!shown.removingPercents.contains("client-of-\(first.origin)"))
    }

    @Test
    func issuerOfTheRedirectBackIsChecked() async throws {
        var play = Play()
        (play.iss, play.server) = ("", ["authorization_response_iss_parameter_supported": true])
        try await succeed("iss-supported", play)
        try await succeed("iss-not-advertised")
        play.iss = nil
        try await stop("iss-supported-missing", play)
        play.iss = "https://foreign.example"
        try await stop("iss-wrong-issuer", play)
        play.server = [:]
        try await stop("iss-unexpected", play)
        play.iss = "/"
        try await stop("iss-normalized", play)
    }

    @Test
    func foreignMetadataIsNotUsed() async throws {
        var play = Play()
        play.resource = "https://foreign.example/mcp"
        try await stop("resource-mismatch", play, reachesAuthorization: false)
        play = Play()
        play.server = ["issuer": "https://foreign.example"]
        try await stop("metadata-issuer-mismatch", play, reachesAuthorization: false)
    }

    @Test
    func clientAuthorizesItself() async throws {
        var play = Play()
        play.server = [
            "registration_endpoint": nil,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        ]
        try await succeed(
            "client-credentials-basic",
            play,
            context: ["client_id": "machine", "client_secret": "machine-secret"]
        ) { server in
            let request = try #require(server.tokenRequests.first)
            #expect(request["authorization"]?.hasPrefix("Basic ") == true)
            #expect(request.text.contains("grant_type=client_credentials"))
        }
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
            OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
            1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
            -----END PRIVATE KEY-----
            """
        let context: JSONValue = [
            "client_id": "signer", "private_key_pem": .string(pem), "signing_algorithm": "ES256",
        ]
        try await succeed("client-credentials-jwt", play, context: context) { server in
            let request = try #require(server.tokenRequests.first)
            #expect(request.text.contains("client_assertion="))
            #expect(!request.text.contains("client_id="))
        }
    }

    @Test
    func workloadSendsItsAssertionAndNoClient() async throws {
        var play = Play()
        play.server = ["registration_endpoint": nil]
        let context: JSONValue = [
            "client_id": "workload", "valid_jwt": "the-valid-jwt", "expired_jwt": "the-expired-jwt",
        ]
        try await succeed("wif-jwt-bearer", play, context: context) { server in
            #expect(server.tokenRequests.count == 1)
            let form = try #require(server.tokenRequests.first).text.removingPercents
            #expect(form.contains("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=the-valid-jwt"))
            #expect(!form.contains("client_id"))
        }
    }

    @Test
    func signOnIsExchangedForAGrantAndThenForAToken() async throws {
        let provider = try AuthSuiteServer()
        defer { provider.stop() }
        var play = Play()
        play.server = ["token_endpoint_auth_methods_supported": ["client_secret_basic"]]
        let context: JSONValue = [
            "client_id": "known", "client_secret": "s3cret-of-known", "idp_client_id": "at-the-provider",
            "idp_id_token": "the-id-token", "idp_token_endpoint": .string("\(provider.origin)/idp/token"),
        ]
        try await succeed("enterprise-managed-authorization", play, context: context) { server in
            let exchange = try #require(provider.exchanges.first).removingPercents
            #expect(exchange.contains("audience=\(server.origin)&resource=\(server.origin)/mcp"))
            #expect(exchange.contains("subject_token=the-id-token"))
            let request = try #require(server.tokenRequests.first)
            #expect(request.text.contains("assertion=the-id-jag"))
            #expect(request["authorization"]?.hasPrefix("Basic ") == true)
        }
    }

    @Test(
        .enabled(if: TestPeers.oauth.isAvailable, "\(TestPeers.absence)"),
        arguments: [("dpop", ["--dpop"]), ("dpop-nonce", ["--dpop", "--nonce"])]
    )
    func tokensAreBoundToAKey(_ scenario: String, _ arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let script = TestPeers.script("servers/oauth_server.py")
        let log = ["--log", folder.path("log")]
        let peer = try await HTTPPeer([TestPeers.oauth.python, script] + arguments + log)
        defer { peer.stop() }
        let program = try await RunningProgram(
            [peer.url],
            environment: [
                "MCP_CONFORMANCE_SCENARIO": "auth/\(scenario)", "MCP_CONFORMANCE_PROTOCOL_VERSION": "2025-11-25",
            ],
            executable: Product.neighbor("conformance-client")
        )
        let run = await program.ended()
        #expect(run.code == 0, "\(run)")
        let requests = try folder.lines(of: "log").map { try JSONValue(parsing: $0) }
        // A nonce is sent only after it was demanded, once by each server.
        let tokenRequests = requests.filter { $0["path"] == "/tenant/token" }
        #expect(tokenRequests.count == (scenario == "dpop" ? 1 : 2))
        let resource = requests.filter { $0["path"] == "/mcp" && $0["method"] == "POST" }
        #expect(resource.dropFirst().allSatisfy { $0.description.contains(#"["authorization","DPoP "#) })
    }
}

import JSON
import MCPHTTP
import Testing

@testable import MCPAuth

/// What the doctor finds: nothing on a sound server, and each fault by its name.
struct ExaminationTests {
    static let challenge = "Bearer resource_metadata=\"\(World.resourcePlace)\", scope=\"read\""

    /// A sound server with its authorization server.
    static func world() -> World {
        let world = World()
        world.set("POST \(World.server)") { request in
            let isKnown = request.fields.contains { $0.value == "Bearer valid-token" }
            return isKnown ? World.json(200, ["jsonrpc": "2.0", "id": 1, "result": [:]]) : refusal(challenge)
        }
        world.set("GET \(World.server)") { _ in refusal(challenge) }
        world.set(
            World.resourcePlace,
            json: World.resourceDocument(["scopes_supported": ["read", "write"]])
        )
        world.set(
            World.serverPlace,
            json: World.serverDocument([
                "scopes_supported": ["read", "write", "offline_access"], "response_types_supported": ["code"],
                "client_id_metadata_document_supported": true, "authorization_response_iss_parameter_supported": true,
            ])
        )
        world.set("POST \(World.issuer)/token") { _ in World.error("invalid_grant") }
        world.setAll("GET \(World.issuer)/authorize") { _ in
            AuthResponse(status: 200, fields: [.init("Content-Type", "text/html")])
        }
        for place in [
            World.resourcePlace, World.serverPlace, "\(World.issuer)/token", "\(World.issuer)/register", World.server,
        ] {
            world.set("OPTIONS \(place)") { _ in allowing("*") }
        }
        return world
    }

    static func refusal(_ challenge: String?, status: Int = 401) -> AuthResponse {
        AuthResponse(status: status, fields: challenge.map { [.init("WWW-Authenticate", $0)] } ?? [])
    }

    private static func allowing(_ origin: String) -> AuthResponse {
        AuthResponse(
            status: 204,
            fields: [
                .init("Access-Control-Allow-Origin", origin),
                .init("Access-Control-Allow-Headers", "authorization, content-type, mcp-protocol-version"),
            ]
        )
    }

    private static func challenging(_ challenge: String?, status: Int = 401) -> @Sendable (World) -> Void {
        { world in world.set("POST \(World.server)") { _ in refusal(challenge, status: status) } }
    }

    private static func resource(_ changes: JSONObject) -> @Sendable (World) -> Void {
        { $0.set(World.resourcePlace, json: World.resourceDocument(changes)) }
    }

    private static func server(_ changes: JSONObject) -> @Sendable (World) -> Void {
        { $0.set(World.serverPlace, json: World.serverDocument(changes)) }
    }

    func examine(
        _ world: World,
        _ options: AuthExamination.Options = .init(),
        _ change: (inout AuthorizationSettings) -> Void = { _ in }
    ) async throws -> AuthDiagnosis {
        var examination = AuthExamination(by: try world.flow(change), options)
        return await examination.run()
    }

    @Test("a sound server is in order, for every host, without a registration")
    func soundServer() async throws {
        for host in [nil] + HostProfile.all.map(Optional.some) {
            let world = Self.world()
            let diagnosis = try await examine(world, .init(host: host, token: "valid-token"))
            #expect(diagnosis.problems.isEmpty, "\(host?.id ?? "none"): \(diagnosis.problems.map(\.json))")
            #expect(diagnosis.isDemanded)
            #expect(diagnosis.issuer == World.issuer)
            // Nothing that needs consent.
            #expect(world.bodies(of: "\(World.issuer)/register").isEmpty)
            // A host with a metadata document needs no registration: its page is requested, and no redirect is followed.
            #expect(host != nil || !world.requests.contains { $0.contains("/authorize") })
            #expect(
                world.requests.allSatisfy { $0.contains(" https://mcp.example") || $0.contains(" \(World.issuer)") }
            )
            #expect(diagnosis.steps.allSatisfy { !$0.found.contains("valid-token") })
        }
    }

    typealias Fault = (name: String, change: @Sendable (World) -> Void, problem: AuthProblem, isFault: Bool)

    private static let faults: [Fault] = [
        ("no challenge", challenging(nil), .challengeMissing, false),
        ("another scheme", challenging("Basic realm=\"x\""), .challengeMissing, false),
        ("an unquoted URL", challenging("Bearer resource_metadata=\(World.resourcePlace)"), .challengeMalformed, false),
        (
            "a relative URL", challenging("Bearer resource_metadata=\"/.well-known/oauth-protected-resource\""),
            .challengeMetadata, true
        ),
        (
            "a challenge that leads nowhere", challenging("Bearer resource_metadata=\"https://mcp.example/nothing\""),
            .challengeMetadata, true
        ),
        ("offline_access in the challenge", challenging("Bearer scope=\"read offline_access\""), .offlineAccess, false),
        ("403 without a token", challenging("Bearer", status: 403), .wrongStatus, true),
        (
            "a redirect to a login page",
            { world in
                world.set("POST \(World.server)") { _ in
                    AuthResponse(status: 302, fields: [.init("Location", "https://mcp.example/login")])
                }
            }, .wrongStatus, true
        ),
        ("no server at the URL", challenging(nil, status: 404), .notFound, true),
        (
            "every token is accepted",
            { world in
                world.set("POST \(World.server)") { request in
                    let hasToken = request.fields.contains { $0.name == "Authorization" }
                    return hasToken ? World.json(200, ["result": [:]]) : refusal(challenge)
                }
            }, .invalidTokenAccepted, true
        ),
        (
            "an invalid token is an error of the server",
            { world in
                world.set("POST \(World.server)") { request in
                    let hasToken = request.fields.contains { $0.name == "Authorization" }
                    return hasToken ? AuthResponse(status: 500) : refusal(challenge)
                }
            }, .invalidTokenStatus, true
        ),
        (
            "an open stream",
            { world in
                world.set("GET \(World.server)") { _ in
                    AuthResponse(status: 200, fields: [.init("Content-Type", "text/event-stream")])
                }
            }, .unprotectedMethod, true
        ),
        ("no protected resource metadata", { $0.remove(World.resourcePlace) }, .resourceMetadataMissing, true),
        (
            "its path is appended instead of inserted",
            { world in
                challenging("Bearer")(world)
                world.remove(World.resourcePlace)
                world.set("\(World.server)/.well-known/oauth-protected-resource", json: World.resourceDocument())
            }, .resourceMetadataMisplaced, true
        ),
        (
            "a slash at the end of its path",
            { world in
                challenging("Bearer")(world)
                world.remove(World.resourcePlace)
                world.set(World.resourcePlace + "/", json: World.resourceDocument())
            }, .resourceMetadataMisplaced, true
        ),
        ("metadata for another resource", resource(["resource": "https://other.example/mcp"]), .resourceMismatch, true),
        ("a slash too many", resource(["resource": .string(World.server + "/")]), .trailingSlash, false),
        ("no authorization server", resource(["authorization_servers": []]), .noAuthorizationServer, true),
        ("a scope that does not exist", resource(["scopes_supported": ["reed"]]), .unknownScope, false),
        ("offline_access in the metadata", resource(["scopes_supported": ["offline_access"]]), .offlineAccess, false),
        (
            "a web page instead of metadata",
            { $0.set(World.resourcePlace, type: "text/html", body: "<html></html>") }, .metadataMalformed, true
        ),
        (
            "a redirect to another origin",
            { $0.set(World.resourcePlace, redirectTo: "https://cdn.example/metadata") }, .metadataRedirected, true
        ),
        (
            "a redirect without Location",
            { $0.set(World.resourcePlace) { _ in AuthResponse(status: 302) } }, .metadataRedirected, true
        ),
        (
            "metadata that does not end",
            { $0.set(World.resourcePlace, failure: AuthHTTPFailure("too much", advice: "Send less.")) }, .unreachable,
            true
        ),
        (
            "two documents that contradict each other",
            { world in
                let other: JSONObject = ["authorization_servers": ["https://other.example"]]
                world.set(
                    "https://mcp.example/.well-known/oauth-protected-resource",
                    json: World.resourceDocument(other)
                )
            }, .metadataContradictory, false
        ),
        (
            "one URL for two endpoints",
            { world in
                server(["token_endpoint": .string("\(World.issuer)/authorize")])(world)
                world.set("POST \(World.issuer)/authorize") { _ in World.error("invalid_grant") }
            }, .metadataContradictory, false
        ),
        ("no metadata of the authorization server", { $0.remove(World.serverPlace) }, .serverMetadataMissing, true),
        (
            "metadata of the authorization server at the resource",
            { world in
                world.remove(World.serverPlace)
                world.set(
                    "https://mcp.example/.well-known/oauth-authorization-server",
                    json: World.serverDocument()
                )
            }, .serverMetadataMisplaced, true
        ),
        ("another issuer", server(["issuer": "https://auth.example/"]), .issuerMismatch, true),
        ("no issuer", server(["issuer": nil]), .issuerMismatch, true),
        ("no token endpoint", server(["token_endpoint": nil]), .missingEndpoint, true),
        ("an endpoint without TLS", server(["authorization_endpoint": "http://auth.example/a"]), .refusedAddress, true),
        ("a private address", server(["token_endpoint": "https://10.0.0.1/token"]), .refusedAddress, true),
        ("no S256", server(["code_challenge_methods_supported": nil]), .noProofKey, true),
        ("only plain", server(["code_challenge_methods_supported": ["plain"]]), .noProofKey, true),
        ("no way to register", server(["registration_endpoint": nil]), .noRegistration, true),
        ("no code grant", server(["grant_types_supported": ["client_credentials"]]), .noCodeGrant, true),
        (
            "public clients are announced and refused",
            server([
                "client_id_metadata_document_supported": true,
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            ]), .noPublicClients, false
        ),
        (
            "another resource at the issuer", server(["protected_resources": ["https://x.example"]]), .unknownResource,
            false
        ),
        (
            "a web page at the token endpoint",
            { $0.set("POST \(World.issuer)/token", status: 500, type: "text/html", body: "<html>") }, .tokenEndpoint,
            true
        ),
        (
            "CORS for the metadata only",
            { world in world.set("OPTIONS \(World.issuer)/token") { _ in AuthResponse(status: 405) } }, .crossOrigin,
            false
        ),
    ]

    @Test("each fault is found by its name, with advice", arguments: faults.indices)
    func faultIsFound(_ index: Int) async throws {
        let fault = Self.faults[index]
        let world = Self.world()
        fault.change(world)
        let diagnosis = try await examine(world)
        let shown = "\(fault.name): \(diagnosis.steps.map(\.json))"
        let step = try #require(diagnosis.problems.first { $0.problem == fault.problem }, "\(shown)")
        #expect((step.verdict == .fault) == fault.isFault, "\(shown)")
        #expect(step.advice?.isEmpty == false, "\(shown)")
        // Nothing else is blamed before it.
        #expect(diagnosis.first?.problem == fault.problem, "\(shown)")
        #expect(world.requests.count < 40)
    }

    @Test("the doctor goes on after a fault: a missing S256 is found behind a foreign resource and issuer")
    func goesOn() async throws {
        let world = Self.world()
        Self.resource(["resource": "https://other.example/mcp"])(world)
        Self.server(["issuer": "https://x.example", "code_challenge_methods_supported": nil])(world)
        let found = try await examine(world).problems.map(\.problem)
        #expect(found.contains(.resourceMismatch))
        #expect(found.contains(.issuerMismatch))
        #expect(found.contains(.noProofKey))
    }

    @Test("a server that demands nothing has no faults, and is ended as it was begun")
    func openServer() async throws {
        let world = Self.world()
        world.remove(World.resourcePlace)
        world.remove(World.serverPlace)
        world.set("POST \(World.server)") { _ in
            AuthResponse(status: 200, fields: [.init("Mcp-Session-Id", "session-1")])
        }
        let diagnosis = try await examine(world)
        #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems.map(\.json))")
        #expect(!diagnosis.isDemanded)
        #expect(world.requests.contains("DELETE \(World.server)"))
    }

    @Test("with leave, a client is registered as the host, and its authorization request is sent but not followed")
    func registersAsHost() async throws {
        let world = Self.world()
        // Without client ID metadata documents, which the host prefers.
        Self.server(["scopes_supported": ["read", "write"]])(world)
        let host = try #require(HostProfile.named("vscode"))
        let diagnosis = try await examine(world, .init(host: host, registers: true))
        #expect(diagnosis.registeredClient == "registered-1")
        let body = try #require(try world.registrations().first)
        #expect(body["client_name"] == "Visual Studio Code")
        #expect(body["redirect_uris"]?.array?.count == 4)
        #expect(body["application_type"] == "native")
        let request = try #require(world.requests.first { $0.hasPrefix("GET \(World.issuer)/authorize?") })
        #expect(request.contains("client_id=registered-1"))
        #expect(request.contains("scope=read"))
        #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems.map(\.json))")
    }

    @Test("an authorization request that is refused is a fault, with the error of the server")
    func refusedAuthorization() async throws {
        let world = Self.world()
        world.setAll("GET \(World.issuer)/authorize") { request in
            AuthResponse(
                status: 302,
                fields: [.init("Location", "http://127.0.0.1:33418/callback?error=invalid_target&state=x")]
            )
        }
        let diagnosis = try await examine(world, .init(registers: true)) {
            $0.client = OAuthClient(id: "known", issuer: World.issuer)
        }
        #expect(diagnosis.first?.problem == .authorizationRefused)
        #expect(diagnosis.first?.found.contains("invalid_target") == true)
        #expect(diagnosis.first?.rule == .resourceParameter)
    }

    @Test("what only a host needs is a fault for that host alone")
    func hostRequirements() async throws {
        let world = Self.world()
        Self.resource(["resource": "https://mcp.example"])(world)
        #expect(try await examine(world).problems.isEmpty)
        let claude = try await examine(world, .init(host: HostProfile.named("claude")))
        #expect(claude.first?.problem == .resourceMismatch)
        #expect(claude.first?.json["source"]?.string?.hasPrefix("https://claude.com/") == true)

        let quiet = Self.world()
        Self.server(["authorization_response_iss_parameter_supported": false])(quiet)
        #expect(try await examine(quiet).problems.isEmpty)
        #expect(try await examine(quiet, .init(host: HostProfile.named("ChatGPT"))).first?.problem == .noResponseIssuer)

        // Claude Code accepts the origin as the resource, and MCP Inspector needs no CORS.
        #expect(try await examine(world, .init(host: HostProfile.named("Claude Code"))).problems.isEmpty)
        let closed = Self.world()
        for place in [World.resourcePlace, World.serverPlace, "\(World.issuer)/token", "\(World.issuer)/register"] {
            closed.remove("OPTIONS \(place)")
        }
        #expect(try await examine(closed, .init(host: HostProfile.named("inspector"))).problems.isEmpty)
        #expect(try await examine(closed, .init(host: HostProfile.named("browser"))).first?.problem == .crossOrigin)
    }

    @Test("a refused token is compared with what the server should accept")
    func refusedToken() async throws {
        let world = Self.world()
        // {"alg":"none"}, {"aud":"https://other.example","iss":"https://auth.example","exp":1}
        let token =
            "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL290aGVyLmV4YW1wbGUiLCJpc3MiOiJodHRwczovL2F1dGguZXhhbXBsZSIsImV4cCI6MX0.x"
        let diagnosis = try await examine(world, .init(token: token))
        let step = try #require(diagnosis.problems.first { $0.problem == .tokenRefused })
        #expect(step.found.contains("its aud is https://other.example; expected \(World.server)"))
        #expect(step.found.contains("it has expired"))
        #expect(!diagnosis.steps.contains { $0.found.contains(token) })
    }

    @Test("403 without the scopes is a fault, 403 with them is not")
    func forbidden() async throws {
        for (challenge, problem) in [
            ("Bearer", AuthProblem.forbiddenWithoutScope),
            ("Bearer error=\"insufficient_scope\"", .forbiddenWithoutScope),
            ("Bearer error=\"insufficient_scope\", scope=\"write\"", nil),
        ] {
            let world = Self.world()
            world.set("POST \(World.server)") { request in
                let isKnown = request.fields.contains { $0.value == "Bearer valid-token" }
                return isKnown ? Self.refusal(challenge, status: 403) : Self.refusal(Self.challenge)
            }
            #expect(try await examine(world, .init(token: "valid-token")).first?.problem == problem, "\(challenge)")
        }
    }

    @Test("hosts are found by their names, and each has a redirect URI and a source")
    func hosts() {
        for host in HostProfile.all {
            #expect(HostProfile.named(host.name) == host)
            #expect(HostProfile.named(host.id.uppercased()) == host)
            #expect(host.source.hasPrefix("https://"))
            #expect(!host.redirectURIs.isEmpty)
            #expect(!host.registrations.isEmpty)
        }
        #expect(HostProfile.named("nobody") == nil)
    }
}

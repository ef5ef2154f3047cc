import JSON
import Testing

@testable import MCPAuth

/// C178 to C180 and C186: how the client gets its ID.
struct RegistrationTests {
    private static let metadataURL = "https://client.example/metadata.json"

    @Test("C178: a given client is before a metadata document, which is before registration, which is before asking")
    func order() async throws {
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["client_id_metadata_document_supported": true]))
        let given = try world.flow {
            $0.client = OAuthClient(id: "given")
            $0.clientMetadataURL = Self.metadataURL
        }
        #expect(try await given.authorize(by: world.code()).client.id == "given")
        let document = try world.flow { $0.clientMetadataURL = Self.metadataURL }
        let authorization = try await document.authorize(by: world.code())
        #expect(authorization.client.id == Self.metadataURL)
        #expect(authorization.method == .none)
        #expect(try world.registrations().isEmpty)
        #expect(try await world.flow().authorize(by: world.code()).client.id == "registered-1")

        world.set(World.serverPlace, json: World.serverDocument(["registration_endpoint": nil]))
        for flow in [try world.flow(), try world.flow { $0.clientMetadataURL = Self.metadataURL }] {
            let failure = await failure { try await flow.authorize(by: world.code()) }
            #expect(failure?.kind == .needsClient)
            #expect(failure?.advice?.contains("--auth-client-id") == true)
        }
    }

    @Test("C179, C180: a registration names its application type, grant types and redirect URI")
    func registrationBody() async throws {
        let world = World()
        _ = try await world.flow().authorize(by: world.code())
        let body = try #require(try world.registrations().first)
        #expect(body["application_type"] == "native")
        #expect(body["grant_types"] == ["authorization_code", "refresh_token"])
        #expect(body["response_types"] == ["code"])
        #expect(body["redirect_uris"] == [.string(World.redirectURI)])
        #expect(body["token_endpoint_auth_method"] == "none")
        #expect(body["scope"] == nil)
    }

    private static let methods: [(supported: JSONValue, requested: String, granted: JSONObject, used: String)] = [
        (["none"], "none", ["client_secret": "unused-secret"], "none"),
        (["client_secret_basic"], "client_secret_basic", ["client_secret": "the-secret"], "client_secret_basic"),
        (["client_secret_post"], "client_secret_post", ["client_secret": "the-secret"], "client_secret_post"),
        (nil, "client_secret_basic", ["client_secret": "the-secret"], "client_secret_basic"),
        (nil, "client_secret_basic", ["token_endpoint_auth_method": "none"], "none"),
        (
            ["client_secret_post", "none"], "none",
            ["token_endpoint_auth_method": "client_secret_post", "client_secret": "the-secret"], "client_secret_post"
        ),
        (
            ["none"], "none", ["token_endpoint_auth_method": "client_secret_basic", "client_secret": "unused-secret"],
            "none"
        ),
    ]

    @Test("C188: the authentication method is the one that metadata and registration allow", arguments: methods.indices)
    func authenticationMethods(_ index: Int) async throws {
        let row = Self.methods[index]
        let world = World()
        world.set(
            World.serverPlace,
            json: World.serverDocument(["token_endpoint_auth_methods_supported": row.supported])
        )
        var response = row.granted
        response["client_id"] = "registered-1"
        world.set("POST \(World.issuer)/register", status: 201, json: response)
        let authorization = try await world.flow().authorize(by: world.code())
        #expect(try world.registrations().first?["token_endpoint_auth_method"]?.string == row.requested)
        #expect(authorization.method.rawValue == row.used)
        let form = try #require(world.forms().first)
        #expect(form.values(of: "client_secret") == (row.used == "client_secret_post" ? ["the-secret"] : []))
        let basic = "Basic cmVnaXN0ZXJlZC0xOnRoZS1zZWNyZXQ="
        #expect(world.authorizationHeaders() == (row.used == "client_secret_basic" ? [basic] : []))
        #expect(form.values(of: "client_id") == ["registered-1"])
    }

    @Test("a refused registration is tried again with another method or redirect URI, and then ends")
    func refusedRegistration() async throws {
        let world = World()
        world.set("POST \(World.issuer)/register") { request in
            let body = String(decoding: request.body, as: UTF8.self)
            if body.contains("127.0.0.1") { return World.error("invalid_redirect_uri") }
            return World.json(201, ["client_id": "registered-2"])
        }
        let authorization = try await world.flow().authorize(by: world.code())
        #expect(authorization.redirectURI == "http://localhost:5000/callback")
        #expect(world.forms().first?.values(of: "redirect_uri") == ["http://localhost:5000/callback"])
        #expect(world.authorizationParameters.first?.values(of: "redirect_uri") == ["http://localhost:5000/callback"])

        world.set("POST \(World.issuer)/register") { _ in World.error("invalid_client_metadata", text: "not you") }
        let refusal = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(refusal?.kind == .registrationRefused)
        #expect(refusal?.message.contains("not you") == true)
        #expect(try world.registrations().count == 2 + 3)
    }

    @Test("a registration response that is not one is reported")
    func badRegistrationResponses() async throws {
        let rows: [(AuthResponse, AuthFailure.Kind)] = [
            (
                AuthResponse(status: 200, fields: [.init("Content-Type", "text/html")], body: Array("<p>".utf8)),
                .malformedResponse
            ),
            (AuthResponse(status: 403), .malformedResponse), (World.json(201, [:]), .malformedResponse),
            (World.json(403, ["message": "no"]), .registrationRefused),
        ]
        for (response, kind) in rows {
            let world = World()
            world.set("POST \(World.issuer)/register") { _ in response }
            #expect(await failure { try await world.flow().authorize(by: world.code()) }?.kind == kind)
            #expect(world.authorizations.isEmpty)
        }
    }

    @Test("C186: if the authorization server changes, the client registers there and never shows the old credentials")
    func changedServer() async throws {
        let world = World()
        world.set("POST \(World.issuer)/register", status: 201, json: ["client_id": "old-client"])
        let store = MemoryTokenStore()
        let provider = TokenProvider(try world.flow(), store: store, grant: world.code())
        let old = try await provider.token(after: challenge("Bearer"), refused: nil)

        let issuer = "https://new.example"
        world.set(World.resourcePlace, json: World.resourceDocument(["authorization_servers": [.string(issuer)]]))
        world.set("\(issuer)/.well-known/oauth-authorization-server", json: World.serverDocument(issuer: issuer))
        world.set("POST \(issuer)/register", status: 201, json: ["client_id": "new-client"])
        world.set("POST \(issuer)/token") { _ in World.token("new-token") }
        // The old server refuses the refresh token.
        world.set("POST \(World.issuer)/token") { _ in World.error("invalid_grant") }
        let new = try await provider.token(after: challenge("Bearer"), refused: old)
        #expect(new == "new-token")
        let toNew = world.bodies(of: "\(issuer)/register") + world.bodies(of: "\(issuer)/token")
        #expect(!toNew.contains { $0.contains("old-client") || $0.contains("refresh-token-1") })
        #expect(world.authorizationParameters.last?.values(of: "client_id") == ["new-client"])
        #expect(await store.authorizations().map(\.issuer) == [issuer])
    }

    @Test("C186: a given client of another issuer is reported, and not shown to this one")
    func givenClientOfOtherIssuer() async throws {
        let world = World()
        let flow = try world.flow {
            $0.client = OAuthClient(id: "mine", secret: "my-secret", issuer: "https://other.example")
        }
        let failure = await failure { try await flow.authorize(by: world.code()) }
        #expect(failure?.kind == .clientOfOtherIssuer)
        #expect(world.authorizations.isEmpty)
        #expect(!world.requests.contains { $0.hasPrefix("POST") })
    }

    @Test("the client of a former authorization is used again for the same redirect URI only")
    func registeredClientIsReused() async throws {
        let world = World()
        let flow = try world.flow()
        let first = try await flow.authorize(by: world.code())
        _ = try await flow.authorize(by: world.code(), known: first)
        #expect(try world.registrations().count == 1)
        _ = try await flow.authorize(by: world.code(redirectURI: "http://127.0.0.1:6000/callback"), known: first)
        #expect(try world.registrations().count == 2)
    }
}

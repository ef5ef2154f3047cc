import JSON
import MCPHTTP
import Testing

@testable import MCPAuth

/// C170 to C174, C177 and C190: from a 401 to the endpoints.
struct DiscoveryTests {
    @Test("C170: the metadata URL of the challenge is used first, and the well-known ones are not asked")
    func challengeURLIsFirst() async throws {
        let world = World()
        world.set("https://mcp.example/custom.json", json: World.resourceDocument())
        world.set("https://mcp.example/.well-known/oauth-protected-resource", json: ["trap": true])
        let value = #"Bearer resource_metadata="https://mcp.example/custom.json", scope="a""#
        let found = try await world.flow().discover(challenge(value))
        #expect(found.challengedScopes == ScopeSet(["a"]))
        #expect(world.requests == ["GET https://mcp.example/custom.json", "GET \(World.serverPlace)"])
    }

    @Test("C171: without a metadata URL, the path form is asked before the root")
    func pathFormIsBeforeRoot() async throws {
        let world = World()
        _ = try await world.flow().discover(challenge("Bearer"))
        #expect(world.requests == ["GET \(World.resourcePlace)", "GET \(World.serverPlace)"])

        world.remove(World.resourcePlace)
        let root = "https://mcp.example/.well-known/oauth-protected-resource"
        world.set(root, json: World.resourceDocument(["resource": "https://mcp.example"]))
        let found = try await world.flow().discover(challenge("Bearer"))
        #expect(found.resource.text == "https://mcp.example")
        #expect(
            world.requests.dropFirst(2) == ["GET \(World.resourcePlace)", "GET \(root)", "GET \(World.serverPlace)"]
        )
    }

    @Test("a metadata URL that leads nowhere is reported, and the well-known ones are asked")
    func deadChallengeURLIsReported() async throws {
        let world = World()
        let flow = try world.flow()
        _ = try await flow.discover(challenge(#"Bearer resource_metadata="https://mcp.example/gone""#))
        #expect(world.requests.first == "GET https://mcp.example/gone")
        #expect(flow.trace.steps.contains { $0.request == "GET https://mcp.example/gone" && $0.status == 404 })
    }

    private static let places: [(issuer: String, urls: [String])] = [
        (
            "https://auth.example",
            [
                "https://auth.example/.well-known/oauth-authorization-server",
                "https://auth.example/.well-known/openid-configuration",
            ]
        ),
        (
            "https://auth.example/tenant1",
            [
                "https://auth.example/.well-known/oauth-authorization-server/tenant1",
                "https://auth.example/.well-known/openid-configuration/tenant1",
                "https://auth.example/tenant1/.well-known/openid-configuration",
            ]
        ),
    ]

    @Test("C172: authorization server metadata is looked for in the exact order", arguments: [0, 1])
    func metadataOrder(_ row: Int) async throws {
        let (issuer, urls) = Self.places[row]
        for (index, url) in urls.enumerated() {
            let world = World()
            world.remove(World.serverPlace)
            // The root is a trap for issuers with a path.
            if row == 1 { world.set(World.serverPlace, json: World.serverDocument()) }
            world.set(World.resourcePlace, json: World.resourceDocument(["authorization_servers": [.string(issuer)]]))
            world.set(url, json: World.serverDocument(issuer: issuer))
            let found = try await world.flow().discover(challenge("Bearer"))
            #expect(found.server.issuer == issuer)
            #expect(Array(world.requests.dropFirst()) == urls[...index].map { "GET \($0)" })
        }
    }

    @Test(
        "C173: metadata of another issuer is not used, and nothing is normalized",
        arguments: [
            "https://evil.example", "https://auth.example/", "https://AUTH.example", "https://auth.example:443",
        ]
    )
    func foreignIssuerIsRejected(_ issuer: String) async throws {
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["issuer": .string(issuer)]))
        let flow = try world.flow()
        let failure = await failure { try await flow.authorize(by: world.code()) }
        #expect(failure?.kind == .issuerMismatch)
        #expect(failure?.rule == .issuerMatch)
        #expect(world.requests.allSatisfy { $0.hasPrefix("GET ") && $0.contains("well-known") })
        #expect(world.authorizations.isEmpty)
    }

    @Test(
        "C174: metadata for another resource ends the authorization",
        arguments: [
            "https://other.example/public/mcp", "https://mcp.example/other", "https://mcp.example/public/mcp/deeper",
            "http://mcp.example/public/mcp", "https://mcp.example:8443/public/mcp", "https://mcp.example/public/mcp#x",
            "mcp.example/public/mcp",
        ]
    )
    func foreignResourceEnds(_ resource: String) async throws {
        let world = World()
        world.set(World.resourcePlace, json: World.resourceDocument(["resource": .string(resource)]))
        let failure = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(failure?.kind == .resourceMismatch)
        #expect(world.requests == ["GET \(World.resourcePlace)"])
    }

    @Test("a resource that differs by a slash or is a parent is accepted, and the slash is reported")
    func similarResources() async throws {
        let rows = [
            ("https://mcp.example/public/mcp/", true), ("https://mcp.example/public", false),
            ("https://MCP.example/public/mcp", false), ("https://mcp.example/", false),
        ]
        for (resource, isReported) in rows {
            let world = World()
            world.set(World.resourcePlace, json: World.resourceDocument(["resource": .string(resource)]))
            let flow = try world.flow()
            #expect(try await flow.discover().resource.text == resource)
            #expect(flow.trace.steps.contains { $0.verdict == .warning && $0.found.contains("slash") } == isReported)
        }
    }

    @Test("C190: without any metadata, the default endpoints at the server's origin are used")
    func defaultEndpoints() async throws {
        let world = World()
        world.remove(World.resourcePlace)
        world.remove(World.serverPlace)
        world.set("POST https://mcp.example/register", status: 201, json: ["client_id": "legacy"])
        world.set("POST https://mcp.example/token") { _ in World.token("legacy-token") }
        let flow = try world.flow()
        let authorization = try await flow.authorize(by: world.code(), after: challenge("Bearer"))
        #expect(authorization.tokens.accessToken == "legacy-token")
        #expect(world.authorizations.first?.requestText.hasPrefix("https://mcp.example/authorize?") == true)
        #expect(flow.trace.steps.contains { $0.rule == .legacyDefaults })
    }

    @Test("C190: metadata at the server's origin is used if there is no protected resource metadata")
    func legacyMetadata() async throws {
        let world = World()
        world.remove(World.resourcePlace)
        let place = "https://mcp.example/.well-known/oauth-authorization-server"
        world.set(
            place,
            json: World.serverDocument(
                ["token_endpoint": "https://mcp.example/oauth/token"],
                issuer: "https://mcp.example"
            )
        )
        let found = try await world.flow().discover(challenge("Bearer"))
        #expect(try found.server.url(of: .token, allowedBy: world.flow().settings.policy)?.path == "/oauth/token")
    }

    @Test("several authorization servers are tried in order, and the one of the user is used alone")
    func severalServers() async throws {
        let world = World()
        let both: JSONValue = ["https://dead.example", .string(World.issuer)]
        world.set(World.resourcePlace, json: World.resourceDocument(["authorization_servers": both]))
        #expect(try await world.flow().discover().server.issuer == World.issuer)
        let flow = try world.flow { $0.issuer = "https://dead.example" }
        #expect(await failure { try await flow.discover() }?.kind == .noServerMetadata)
        let other = try world.flow { $0.issuer = "https://unknown.example" }
        #expect(await failure { try await other.discover() }?.kind == .issuerMismatch)
    }

    // MARK: - Bad input

    private static let badBodies: [(type: String, body: String, found: String)] = [
        ("application/json", "{", "not valid JSON"), ("application/json", "[1]", "not an object"),
        ("text/html", "<html>", "a web page"), ("application/json", "", "an empty body"),
        ("application/json", "{}", "`resource` is missing"),
        ("application/json", #"{"resource":1}"#, "not a string"),
        ("application/json", #"{"resource":"https://mcp.example"}"#, "authorization_servers"),
        (
            "application/json", #"{"resource":"https://mcp.example","authorization_servers":[]}"#,
            "authorization_servers"
        ),
    ]

    @Test("a document that is not metadata is reported and not used", arguments: badBodies.indices)
    func badDocuments(_ index: Int) async throws {
        let (type, body, found) = Self.badBodies[index]
        let world = World()
        world.set(World.resourcePlace, type: type, body: body)
        let flow = try world.flow()
        #expect(await failure { try await flow.discover() }?.kind == .malformedResponse)
        let step = try #require(flow.trace.steps.first { $0.request == "GET \(World.resourcePlace)" })
        #expect(step.found.contains(found), "\(step.found)")
        #expect(step.verdict == .fault)
    }

    @Test("of documents that contradict each other, the first is used, and the others' endpoints get nothing")
    func contradictoryDocuments() async throws {
        let world = World()
        world.set(
            "https://mcp.example/.well-known/oauth-protected-resource",
            json: World.resourceDocument(["authorization_servers": ["https://evil.example"]])
        )
        let other = World.serverDocument([
            "token_endpoint": "https://auth.example/other", "authorization_endpoint": "https://auth.example/wrong",
        ])
        world.set("https://auth.example/.well-known/openid-configuration", json: other)
        let authorization = try await world.flow().authorize(by: world.code(), after: challenge("Bearer"))
        #expect(authorization.issuer == World.issuer)
        #expect(world.authorizations.first?.requestText.hasPrefix("\(World.issuer)/authorize?") == true)
        #expect(world.requests.last == "POST \(World.issuer)/token")
        #expect(!world.requests.contains { $0.contains("evil.example") || $0.contains("/other") })
    }

    @Test("a failure names the first document that could not be used, and says what to do")
    func firstRejectionIsReported() async throws {
        let root = "https://mcp.example/.well-known/oauth-protected-resource"
        let places: [@Sendable (World) -> Void] = [
            { $0.set(World.resourcePlace, redirectTo: "https://other.example/x") },
            { $0.set(World.resourcePlace, type: "text/html", body: "<html>") },
            {
                $0.set(
                    World.resourcePlace,
                    failure: AuthHTTPFailure("\(World.resourcePlace) is slow", advice: "Hurry.")
                )
            },
        ]
        for place in places {
            let world = World()
            world.set(root, redirectTo: "https://third.example/x")
            place(world)
            let failure = await failure { try await world.flow().discover() }
            #expect(failure?.message.contains(World.resourcePlace) == true, "\(failure?.message ?? "")")
            #expect(failure?.advice?.isEmpty == false, "\(failure?.message ?? "")")
        }
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["issuer": "https://evil.example"]))
        let failure = await failure { try await world.flow().discover() }
        #expect(failure?.advice?.contains("Let issuer be \"\(World.issuer)\"") == true)
    }

    @Test("a redirect within the origin is followed, at most three times")
    func redirectsWithinTheOrigin() async throws {
        let world = World()
        world.set(World.resourcePlace, redirectTo: "/moved")
        world.set("https://mcp.example/moved", json: World.resourceDocument())
        #expect(try await world.flow().discover().resource.text == World.server)

        world.set("https://mcp.example/moved", redirectTo: "/moved")
        world.set("https://mcp.example/.well-known/oauth-protected-resource", json: World.resourceDocument())
        let flow = try world.flow()
        _ = try await flow.discover()
        #expect(flow.trace.steps.contains { $0.found == "more than 3 redirects" })
        #expect(flow.trace.requestCount < 10)
    }

    @Test("X11: a redirect to another origin or a private address is not followed")
    func redirectsElsewhere() async throws {
        for location in ["http://169.254.169.254/latest", "https://other.example/x", "http://localhost:6379/"] {
            let world = World()
            world.set(World.resourcePlace, redirectTo: location)
            let failure = await failure { try await world.flow().discover() }
            #expect(failure?.kind == .refusedAddress)
            #expect(world.requests.allSatisfy { $0.hasPrefix("GET https://mcp.example/") })
        }
    }

    @Test(
        "X11: private addresses in the challenge and in the metadata are not requested, and the advice says how to allow them"
    )
    func privateAddresses() async throws {
        let world = World()
        let flow = try world.flow()
        let value = #"Bearer resource_metadata="https://169.254.169.254/x""#
        _ = try await flow.discover(challenge(value))
        let step = try #require(flow.trace.steps.first { $0.rule == .addresses })
        #expect(step.advice?.contains("--auth-allow-host 169.254.169.254") == true)

        world.set(World.resourcePlace, json: World.resourceDocument(["authorization_servers": ["https://10.0.0.1"]]))
        #expect(await failure { try await world.flow().discover() }?.kind == .refusedAddress)
        world.set(World.resourcePlace, json: World.resourceDocument())
        world.set(World.serverPlace, json: World.serverDocument(["token_endpoint": "https://10.0.0.1/token"]))
        #expect(await failure { try await world.flow().authorize(by: world.code()) }?.kind == .refusedAddress)
        #expect(!world.requests.contains { $0.contains("169.254") || $0.contains("10.0.0.1") })
    }

    @Test(
        "C193: an authorization endpoint that is not an http or https URL is refused",
        arguments: [
            "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "vbscript:x", "http://auth.example/a",
        ]
    )
    func dangerousEndpoints(_ url: String) async throws {
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["authorization_endpoint": .string(url)]))
        let failure = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(failure?.kind == (url.hasPrefix("http:") ? .refusedAddress : .missingEndpoint))
        #expect(world.authorizations.isEmpty)
    }

    @Test("if there is no server at the origin, only one metadata URL is tried")
    func noServer() async throws {
        let world = World()
        var refused = AuthHTTPFailure("connection refused")
        refused.isNoServer = true
        world.set(World.resourcePlace, failure: refused)
        #expect(await failure { try await world.flow().discover() }?.kind == .unreachable)
        #expect(world.requests == ["GET \(World.resourcePlace)"])
    }

    @Test("every rule names a revision or a standard, and a sentence")
    func rulesAreComplete() {
        for rule in AuthRule.allCases {
            #expect(rule.row.requirement.hasSuffix("."))
            #expect(!rule.row.page.isEmpty)
            #expect(rule.row.since <= rule.row.revision)
        }
    }
}

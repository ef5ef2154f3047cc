import JSON
import MCPHTTP
import Testing

@testable import MCPAuth

/// C175 to C177, C184, C185 and C187: the authorization code grant.
struct CodeFlowTests {
    @Test("C175: resource is the same in the authorization, token and refresh requests")
    func resourceIsEverywhere() async throws {
        for resource in [World.server, "https://mcp.example"] {
            let world = World()
            world.set(World.resourcePlace, json: World.resourceDocument(["resource": .string(resource)]))
            let flow = try world.flow()
            let authorization = try await flow.authorize(by: world.code())
            _ = try await flow.refresh(authorization)
            #expect(world.authorizationParameters.first?.values(of: "resource") == [resource])
            #expect(world.forms().map { $0.values(of: "resource") } == [[resource], [resource]])
        }
    }

    @Test("C175: the canonical resource has no query, fragment, or lone slash")
    func canonicalResource() throws {
        let rows = [
            "HTTPS://MCP.Example": "https://mcp.example", "https://mcp.example/": "https://mcp.example",
            "https://mcp.example/a/?key=secret#x": "https://mcp.example/a/",
            "https://mcp.example:443/a": "https://mcp.example/a",
            "https://user:pass@mcp.example:8443/a": "https://mcp.example:8443/a",
        ]
        for (url, text) in rows { #expect(ResourceIdentifier(server: try HTTPURL(url)).text == text) }
    }

    @Test("C176: the challenge is the SHA-256 hash of the verifier, which only the token request has")
    func proofKeyMatches() async throws {
        let world = World()
        _ = try await world.flow().authorize(by: world.code())
        _ = try await world.flow().authorize(by: world.code())
        var verifiers: Set<String> = []
        for (request, form) in zip(world.authorizationParameters, world.forms()) {
            let verifier = try #require(form.values(of: "code_verifier").first)
            #expect(verifier.utf8.count >= 43)
            #expect(request.values(of: "code_challenge") == [ProofKey(verifier: verifier).challenge])
            #expect(request.values(of: "code_challenge_method") == ["S256"])
            #expect(!request.text.contains(verifier))
            verifiers.insert(verifier)
        }
        #expect(verifiers.count == 2)
    }

    @Test("the proof key is that of the example in RFC 7636, appendix B")
    func proofKeyOfTheStandard() {
        let key = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test(
        "C177: a server without S256 is refused before the user sees anything",
        arguments: [nil, [], ["plain"]] as [JSONValue?]
    )
    func missingProofKeyIsRefused(_ methods: JSONValue?) async throws {
        let world = World()
        world.set(World.serverPlace, json: World.serverDocument(["code_challenge_methods_supported": methods ?? nil]))
        let failure = await failure { try await world.flow().authorize(by: world.code()) }
        #expect(failure?.kind == .noProofKey)
        #expect(world.authorizations.isEmpty)
        #expect(!world.requests.contains { $0.hasPrefix("POST") })
    }

    @Test("C184: a redirect back with another state or none is rejected, and its code goes nowhere")
    func foreignStateIsRejected() async throws {
        for query in ["code=c&state=other", "code=c", "code=c&state=", "error=access_denied&state=other"] {
            let world = World()
            let flow = try world.flow()
            let failure = await failure { try await flow.authorize(by: world.code { _ in query }) }
            #expect(failure?.kind == .stateMismatch)
            #expect(world.forms().isEmpty)
            #expect(flow.trace.steps.last?.rule == .state)
        }
    }

    private struct IssuerRow {
        var isAnnounced: Bool?
        var issuer: String?
        var isAccepted: Bool
    }

    private static let issuers: [IssuerRow] = [
        IssuerRow(isAnnounced: true, issuer: World.issuer, isAccepted: true),
        IssuerRow(isAnnounced: true, issuer: nil, isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "https://evil.example", isAccepted: false),
        IssuerRow(isAnnounced: false, issuer: nil, isAccepted: true),
        IssuerRow(isAnnounced: nil, issuer: nil, isAccepted: true),
        IssuerRow(isAnnounced: nil, issuer: World.issuer, isAccepted: true),
        IssuerRow(isAnnounced: false, issuer: "https://evil.example", isAccepted: false),
        IssuerRow(isAnnounced: nil, issuer: "https://evil.example", isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "\(World.issuer)/", isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "https://AUTH.example", isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "https://auth.example:443", isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "https://auth%2Eexample", isAccepted: false),
        IssuerRow(isAnnounced: true, issuer: "", isAccepted: false),
    ]

    @Test("C185: iss is compared as the table says, without normalization", arguments: issuers.indices)
    func issuerTable(_ index: Int) async throws {
        let row = Self.issuers[index]
        let world = World()
        let announced: JSONValue = row.isAnnounced.map(JSONValue.bool) ?? nil
        world.set(
            World.serverPlace,
            json: World.serverDocument(["authorization_response_iss_parameter_supported": announced])
        )
        let failure = await failure { try await world.flow().authorize(by: world.code(issuer: row.issuer)) }
        #expect(failure?.kind == (row.isAccepted ? nil : .responseIssuerMismatch))
        #expect(world.authorizations.count == 1)
        #expect(world.forms().count == (row.isAccepted ? 1 : 0))
    }

    @Test("C185: error texts of a foreign issuer are not shown")
    func errorsOfForeignIssuersAreHidden() async throws {
        let world = World()
        let flow = try world.flow()
        let failure = await failure {
            try await flow.authorize(
                by: world.code { "error=access_denied&error_description=call+555&iss=https://evil.example&state=\($0)" }
            )
        }
        #expect(failure?.kind == .responseIssuerMismatch)
        #expect(failure?.message.contains("555") == false)
        #expect(!flow.trace.steps.contains { $0.found.contains("555") })
    }

    @Test("an error of the authorization server is reported with its code and text")
    func errorCallbackIsReported() async throws {
        let world = World()
        let failure = await failure {
            try await world.flow().authorize(
                by: world.code { "error=access_denied&error_description=no+thanks&state=\($0)" }
            )
        }
        #expect(failure?.kind == .denied)
        #expect(failure?.code == "access_denied")
        #expect(failure?.message.contains("no thanks") == true)
        #expect(failure?.advice?.contains("agree") == true)
        #expect(world.forms().isEmpty)
    }

    @Test("a redirect back with a repeated parameter, or without a code, is rejected")
    func malformedCallbacks() async throws {
        for query in ["code=a&code=b", "code=a&state=x", "", "code="] {
            let world = World()
            let grant = world.code { query.isEmpty ? "state=\($0)" : "\(query)&state=\($0)" }
            #expect(await failure { try await world.flow().authorize(by: grant) }?.kind == .malformedCallback)
            #expect(world.forms().isEmpty)
        }
    }

    @Test("the query of the authorization endpoint is kept")
    func endpointQueryIsKept() async throws {
        let world = World()
        let endpoint = "https://auth.example/authorize?tenant=a"
        world.set(World.serverPlace, json: World.serverDocument(["authorization_endpoint": .string(endpoint)]))
        _ = try await world.flow().authorize(by: world.code())
        #expect(world.authorizations.first?.requestText.hasPrefix(endpoint + "&response_type=code&") == true)
    }

    @Test("a sound server costs four requests before the user sees the page, and one after")
    func requestBudget() async throws {
        let world = World()
        _ = try await world.flow().authorize(by: world.code(), after: challenge("Bearer"))
        // The first request is that of the connection, which got the 401.
        #expect(world.requests.count == 3 + 1)
        #expect(world.requests.last == "POST https://auth.example/token")
    }
}

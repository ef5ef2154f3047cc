import JSON
import Testing

@testable import MCPAuth

/// What a server says when it refuses a request of the doctor.
extension ExaminationTests {
    @Test("the page of a refusal is quoted, and the advice depends on how the host gets its client ID")
    func refusedClient() async throws {
        let page = """
            <!doctype html><html><title>Error</title><style>p { color: red }</style><h1>Unknown client</h1>
            <p>The client <b>claude</b> is not &quot;registered&quot;
            here</p></html>
            """
        let world = Self.world()
        world.setAll("GET \(World.issuer)/authorize") { _ in
            AuthResponse(status: 400, fields: [.init("Content-Type", "text/html")], body: Array(page.utf8))
        }
        let host = try #require(HostProfile.named("claude-code"))
        let refused = try #require(try await examine(world, .init(host: host)).first)
        #expect(refused.problem == .authorizationRefused && refused.rule == .clientMetadataDocument)
        let quoted = "\"Unknown client. The client claude is not 'registered' here.\""
        #expect(refused.found.contains(quoted), "\(refused.found)")
        #expect(refused.found.contains("the client ID https://"), "\(refused.found)")
        #expect(refused.advice?.contains("fetch the document") == true, "\(refused)")

        world.setAll("GET \(World.issuer)/authorize") { _ in World.error("invalid_request", text: "no such client") }
        let known = try #require(
            try await examine(world) { $0.client = OAuthClient(id: "known", issuer: World.issuer) }.first
        )
        #expect(known.rule == .authorizationRequest)
        #expect(known.found.contains("the client ID known without a redirect back"), "\(known.found)")
        #expect(known.found.hasSuffix("\"invalid_request: no such client\""), "\(known.found)")
        #expect(known.advice?.contains("the redirect URI must be") == true, "\(known)")
    }

    @Test("what stops every client comes before a challenge that only some clients follow, as in a login")
    func firstFault() async throws {
        let world = Self.world()
        let challenge = "Bearer resource_metadata=\"https://mcp.example/nothing\""
        world.set("POST \(World.server)") { _ in Self.refusal(challenge) }
        world.set(World.resourcePlace, json: World.resourceDocument(["resource": "https://other.example/mcp"]))
        let found = try await examine(world).problems.map(\.problem)
        #expect(found == [.resourceMismatch, .challengeMetadata])
        let failure = await failure { try await world.flow().discover(Challenges(parsing: [challenge])) }
        #expect(failure?.kind == .resourceMismatch)
    }

    @Test("a token is reported as accepted if only the ping is refused, for another reason")
    func refusedPing() async throws {
        let world = Self.world()
        world.set("POST \(World.server)") { request in
            let isKnown = request.fields.contains { $0.value == "Bearer valid-token" }
            return isKnown ? World.error("no session") : Self.refusal(Self.challenge)
        }
        let steps = try await examine(world, .init(token: "valid-token")).steps
        let found = steps.last { $0.found.contains("the token is accepted") }
        #expect(found?.found.contains("the status is about the ping") == true, "\(steps.map(\.found))")
    }
}

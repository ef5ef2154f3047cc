import JSON
import Testing

@testable import MCPAuth

/// C192: nothing that a report shows has a secret in it.
struct SecretTests {
    private static let secrets = [
        "my-secret-value", "secret-code-1", "access-token-1", "refresh-token-1", "given-refresh-token",
        "device-code-secret",
        "stolen-access-token", "id-token-value",
    ]

    private func check(_ flow: AuthorizationFlow, _ failure: AuthFailure?) {
        var texts = flow.trace.steps.map { JSONValue.object($0.json).description }
        if let failure { texts.append(JSONValue.object(failure.json).description) }
        for text in texts {
            for secret in Self.secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
        }
        #expect(!texts.isEmpty)
    }

    @Test("steps and failures have no secrets, even if the authorization server repeats them")
    func secretsAreNeverShown() async throws {
        let responses: [AuthResponse] = [
            World.token("access-token-1", refresh: "refresh-token-1"),
            World.error("invalid_grant", text: "bad code secret-code-1 of my-secret-value"),
            World.error("my-secret-value"),
            World.json(200, ["access_token": "stolen-access-token", "token_type": "mac"]),
            World.json(200, ["id_token": "id-token-value", "token_type": "id-token-value"]),
        ]
        for response in responses {
            let world = World()
            world.set("POST \(World.issuer)/token") { _ in response }
            let flow = try world.flow { $0.client = OAuthClient(id: "mine", secret: "my-secret-value") }
            for grant in [world.code(), .clientCredentials, .refreshToken("given-refresh-token")] {
                check(flow, await failure { try await flow.authorize(by: grant) })
            }
        }
    }

    @Test("the redirect back and its error texts have no secrets of the flow")
    func callbackSecrets() async throws {
        let world = World()
        let flow = try world.flow { $0.client = OAuthClient(id: "mine", secret: "my-secret-value") }
        let grant = world.code { "error=server_error&error_description=my-secret-value&state=\($0)" }
        check(flow, await failure { try await flow.authorize(by: grant) })
    }

    @Test("URLs with keys in their query are shown without them")
    func metadataURLs() async throws {
        let world = World()
        let flow = try world.flow(server: "https://mcp.example/public/mcp?api_key=my-secret-value")
        let value = #"Bearer resource_metadata="https://mcp.example/x?token=my-secret-value""#
        check(flow, await failure { try await flow.authorize(by: world.code(), after: challenge(value)) })
    }
}

import JSON
import Testing

@testable import MCPAuth

/// C180 to C183: which scopes are requested, and how often.
struct ScopeTests {
    private struct Row {
        var challenge = "Bearer"
        var resource: JSONValue = nil
        var server: JSONValue = nil
        var given: ScopeSet?
        var scope: String?
    }

    private static let rows: [Row] = [
        Row(challenge: #"Bearer scope="mcp:basic""#, resource: ["mcp:read"], scope: "mcp:basic"),
        Row(resource: ["mcp:basic", "mcp:read", "mcp:write"], scope: "mcp:basic mcp:read mcp:write"),
        Row(scope: nil),
        Row(resource: [], scope: nil),
        Row(server: ["offline_access"], scope: nil),
        Row(resource: ["a"], server: ["offline_access", "a"], scope: "a offline_access"),
        Row(resource: ["a"], server: ["a"], scope: "a"),
        Row(challenge: #"Bearer scope="a""#, given: ScopeSet(["mine"]), scope: "mine"),
    ]

    @Test(
        "C181, C180: scopes come from the challenge, else from the metadata, else none; offline_access if it is listed",
        arguments: rows.indices
    )
    func choice(_ index: Int) async throws {
        let row = Self.rows[index]
        let world = World()
        world.set(World.resourcePlace, json: World.resourceDocument(["scopes_supported": row.resource]))
        world.set(World.serverPlace, json: World.serverDocument(["scopes_supported": row.server]))
        let flow = try world.flow { $0.scopes = row.given }
        let authorization = try await flow.authorize(by: world.code(), after: challenge(row.challenge))
        #expect(world.authorizationParameters.first?.values(of: "scope") == (row.scope.map { [$0] } ?? []))
        #expect(authorization.tokens.requestedScopes == ScopeSet(parsing: row.scope ?? ""))
    }

    @Test("C182: a step-up requests the former scopes and those of the challenge")
    func stepUpIsTheUnion() async throws {
        let world = World()
        world.set(World.resourcePlace, json: World.resourceDocument(["scopes_supported": ["mcp:profile"]]))
        let provider = TokenProvider(try world.flow(), store: MemoryTokenStore(), grant: world.code())
        _ = try await provider.token(after: challenge(#"Bearer scope="mcp:basic""#), refused: nil)
        let more = challenge(#"Bearer error="insufficient_scope", scope="mcp:write""#)
        _ = try await provider.token(withScopesOf: more)
        let scopes = world.authorizationParameters.map { $0.values(of: "scope") }
        #expect(scopes == [["mcp:basic"], ["mcp:basic mcp:write"]])
    }

    @Test("C183: a server that demands scopes forever causes at most three authorizations", arguments: [true, false])
    func stepUpIsLimited(_ isSameScope: Bool) async throws {
        let world = World()
        let provider = TokenProvider(try world.flow(), store: MemoryTokenStore(), grant: world.code())
        _ = try await provider.token(after: challenge(#"Bearer scope="a""#), refused: nil)
        var failure: AuthFailure?
        for round in 0..<10 where failure == nil {
            do {
                let scope = isSameScope ? "b" : "b\(round)"
                let value = #"Bearer error="insufficient_scope", scope="\#(scope)""#
                _ = try await provider.token(withScopesOf: challenge(value))
            } catch {
                failure = error
            }
        }
        #expect(failure?.kind == .scopeLimit)
        #expect((2...3).contains(world.authorizations.count))
    }

    @Test("a 403 without scopes leads to one more authorization, and not to an endless number")
    func stepUpWithoutScopes() {
        var state = StepUp(limit: 3)
        state.authorized(with: ScopeSet(["a"]))
        #expect(state.decide(on: nil) == .authorize(previous: ScopeSet(["a"])))
        state.authorized(with: ScopeSet(["a"]))
        state.authorized(with: ScopeSet(["a"]))
        guard case .giveUp = state.decide(on: nil) else {
            Issue.record("expected the end")
            return
        }
    }
}

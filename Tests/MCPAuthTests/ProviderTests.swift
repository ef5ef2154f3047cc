import AsyncRuntime
import MCPHTTP
import TestSupport
import Testing

@testable import MCPAuth

/// How a connection gets its token.
struct ProviderTests {
    private func saved(_ world: World, in store: any TokenStore) async throws -> Authorization {
        let authorization = try await world.flow().authorize(by: world.code())
        try await store.save(authorization)
        return authorization
    }

    @Test("a stored token that is valid costs no request")
    func storedTokenIsFree() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let before = world.requests.count
        let provider = TokenProvider(try world.flow(), store: store, grant: nil)
        #expect(try await provider.initialToken() == "access-token-1")
        #expect(world.requests.count == before)
    }

    @Test("no token is taken from another server, issuer or client")
    func tokensAreBound() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let flows = [
            try world.flow(server: "https://other.example/mcp"), try world.flow(server: "https://mcp.example/public"),
            try world.flow { $0.client = OAuthClient(id: "another") },
            try world.flow { $0.issuer = "https://other.example" },
        ]
        for flow in flows {
            #expect(try await TokenProvider(flow, store: store, grant: nil).initialToken() == nil)
        }
    }

    @Test(
        "the clock of the authorization server does not matter: a token is used as long as expires_in says",
        arguments: [-7200, 7200] as [Int64]
    )
    func skewedClock(_ skew: Int64) async throws {
        let (world, store) = (World(), MemoryTokenStore())
        let now = try world.flow().now() + skew
        let claims = Base64URL.encode(Array(#"{"iat":\#(now),"exp":\#(now + 3600)}"#.utf8))
        let jwt = "\(Base64URL.encode(Array(#"{"alg":"ES256"}"#.utf8))).\(claims).c2ln"
        world.set("POST \(World.issuer)/token") { _ in World.token(jwt, refresh: "refresh-token-1") }
        _ = try await saved(world, in: store)
        let before = world.requests.count
        let provider = TokenProvider(try world.flow(), store: store, grant: nil)
        #expect(try await provider.initialToken() == jwt)
        world.advance(seconds: 3600 - TokenSet.margin - 1)
        #expect(try await provider.initialToken() == jwt)
        #expect(world.requests.count == before)
        // Our own clock was set back meanwhile: the server's refusal counts.
        world.advance(seconds: -100_000)
        #expect(try await provider.initialToken() == jwt)
        world.set("POST \(World.issuer)/token") { _ in World.token("fresh") }
        #expect(try await provider.token(after: challenge("Bearer"), refused: jwt) == "fresh")
        #expect(world.requests.count == before + 1)
    }

    @Test("an assertion says who the client is: the token of an earlier login is not used")
    func anAssertionIsNotIgnored() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let provider = TokenProvider(try world.flow(), store: store, grant: .workload { "assertion" })
        #expect(try await provider.initialToken() == nil)
    }

    @Test("a token that is about to expire by our clock is renewed by one request, before it is refused")
    func expiredTokenIsRenewed() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let before = world.requests.count
        world.set("POST \(World.issuer)/token") { _ in World.token("access-token-2", refresh: "refresh-token-2") }
        world.advance(seconds: 3600 - TokenSet.margin - 1)
        let provider = TokenProvider(try world.flow(), store: store, grant: nil)
        #expect(try await provider.initialToken() == "access-token-1")
        world.advance(seconds: 1)
        #expect(try await provider.initialToken() == "access-token-2")
        #expect(try await provider.initialToken() == "access-token-2")
        #expect(world.requests.count == before + 1)
        #expect(await store.authorizations().first?.tokens.refreshToken == "refresh-token-2")
    }

    @Test("a clock that was set back or forward does not matter to a token without expiry, and renews one with expiry")
    func clockSkew() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let provider = TokenProvider(try world.flow(), store: store, grant: nil)
        world.advance(seconds: -1_000_000)
        #expect(try await provider.initialToken() == "access-token-1")
        world.advance(seconds: 10_000_000)
        world.set("POST \(World.issuer)/token") { _ in World.token("access-token-2") }
        #expect(try await provider.initialToken() == "access-token-2")
    }

    @Test("after 401, the token is renewed once; if that fails, the user authorizes again")
    func refusedToken() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let provider = TokenProvider(try world.flow(), store: store, grant: world.code())
        _ = try await provider.initialToken()
        world.set("POST \(World.issuer)/token") { _ in World.token("access-token-2", refresh: "refresh-token-2") }
        let second = try await provider.token(after: challenge("Bearer"), refused: "access-token-1")
        #expect(second == "access-token-2")
        #expect(world.authorizations.count == 1)

        world.set("POST \(World.issuer)/token") { request in
            let isRefresh = String(decoding: request.body, as: UTF8.self).contains("grant_type=refresh_token")
            return isRefresh ? World.error("invalid_grant") : World.token("access-token-3")
        }
        let third = try await provider.token(after: challenge("Bearer"), refused: second)
        #expect(third == "access-token-3")
        #expect(world.authorizations.count == 2)
        // A refused refresh token is not sent again.
        _ = try await provider.token(after: challenge("Bearer"), refused: third)
        #expect(world.forms().filter { $0.values(of: "refresh_token") == ["refresh-token-2"] }.count == 1)
    }

    @Test("a request that is refused again gets a token of another grant, and then none")
    func repeatedRefusal() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        world.set("POST \(World.issuer)/token") { request in
            let isRefresh = String(decoding: request.body, as: UTF8.self).contains("grant_type=refresh_token")
            return World.token(isRefresh ? "refreshed" : "authorized", refresh: "refresh-token-2")
        }
        let provider = TokenProvider(try world.flow(), store: store, grant: world.code())
        _ = try await provider.initialToken()
        let first = try await provider.token(after: challenge("Bearer"), refused: "access-token-1")
        #expect(first == "refreshed")
        let second = try await provider.token(after: challenge("Bearer"), refused: first, isRepeated: true)
        #expect(second == "authorized")
        let third = await failure {
            try await provider.token(after: challenge("Bearer"), refused: second, isRepeated: true)
        }
        #expect(third?.kind == .tokenRefused)

        let stored = TokenProvider(try world.flow(), store: store, grant: nil)
        _ = try await stored.initialToken()
        let renewed = try await stored.token(after: challenge("Bearer"), refused: second)
        let count = world.requests.count
        let last = await failure {
            try await stored.token(after: challenge("Bearer"), refused: renewed, isRepeated: true)
        }
        #expect(last?.kind == .tokenRefused)
        #expect(world.requests.count == count)
    }

    @Test("a renewal that has begun is finished and stored, although its caller is cancelled")
    func cancelledRenewalIsStored() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        let (began, mayEnd) = (Latch<Void>(), Latch<Void>())
        var settings = AuthorizationSettings(server: try HTTPURL(World.server))
        settings.limits.redirects = 0
        let flow = AuthorizationFlow(
            settings,
            http: { request async throws(AuthHTTPFailure) in
                began.open()
                await mayEnd.wait()
                // A real request fails if its task is cancelled.
                if Task.isCancelled { throw AuthHTTPFailure("cancelled") }
                return World.token("access-token-2", refresh: "refresh-token-2")
            },
            clock: FakeClock(isEager: true),
            now: { 1_800_000_000 }
        )
        let provider = TokenProvider(flow, store: store, grant: nil)
        _ = try await provider.initialToken()
        let caller = Task { try await provider.token(after: challenge("Bearer"), refused: "access-token-1") }
        await began.wait()
        caller.cancel()
        mayEnd.open()
        _ = await caller.result
        #expect(await store.authorizations().first?.tokens.refreshToken == "refresh-token-2")
    }

    @Test("an operation is authorized a limited number of times, and another operation again")
    func stepUpLimitIsPerOperation() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        let provider = TokenProvider(try world.flow(), store: store, grant: world.code())
        for number in 1...5 {
            let demand = challenge("Bearer error=\"insufficient_scope\", scope=\"scope-\(number)\"")
            _ = try await provider.token(withScopesOf: demand, isNewOperation: true)
        }
        // The same scope again is not granted by another authorization.
        let demand = challenge("Bearer error=\"insufficient_scope\", scope=\"scope-5\"")
        let failure = await failure { try await provider.token(withScopesOf: demand, isNewOperation: true) }
        #expect(failure?.kind == .scopeLimit)
        #expect(world.authorizations.count == 5)
        #expect(world.authorizationParameters.last?.values(of: "scope") == ["scope-1 scope-2 scope-3 scope-4 scope-5"])
    }

    @Test("without a grant, the user is told how to log in")
    func noGrant() async throws {
        let world = World()
        let provider = TokenProvider(try world.flow(), store: MemoryTokenStore(), grant: nil)
        #expect(try await provider.initialToken() == nil)
        let failure = await failure { try await provider.token(after: challenge("Bearer"), refused: nil) }
        #expect(failure?.advice?.contains("connect_to_server again, or run mcp-test-mcp auth login") == true)
        #expect(world.requests.isEmpty)
    }

    @Test("an unreachable token endpoint keeps the refresh token")
    func unreachableEndpointKeepsTheToken() async throws {
        let (world, store) = (World(), MemoryTokenStore())
        _ = try await saved(world, in: store)
        world.set("POST \(World.issuer)/token") { _ in AuthResponse(status: 503) }
        world.advance(seconds: 4000)
        let provider = TokenProvider(try world.flow(), store: store, grant: nil)
        #expect(await failure { try await provider.initialToken() }?.kind == .malformedResponse)
        #expect(await store.authorizations().first?.tokens.refreshToken == "refresh-token-1")
    }
}

import AsyncRuntime
import JSON
import MCPHTTP
import Synchronization
import TestSupport
import Testing

@testable import MCPAuth

/// The device authorization grant.
struct DeviceTests {
    private static let start: JSONObject = [
        "device_code": "device-code-secret", "user_code": "ABCD-EFGH",
        "verification_uri": "https://auth.example/device",
        "verification_uri_complete": "https://auth.example/device?user_code=ABCD-EFGH", "expires_in": 100,
        "interval": 5,
    ]

    private func world(_ start: JSONObject = start, answers: [AuthResponse]) -> World {
        let world = World()
        world.set(
            World.serverPlace,
            json: World.serverDocument([
                "device_authorization_endpoint": "https://auth.example/device_authorization",
                "code_challenge_methods_supported": nil,
            ])
        )
        world.set("POST https://auth.example/device_authorization", json: start)
        let rest = Mutex(answers)
        world.set("POST https://auth.example/token") { _ in
            rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } ?? AuthResponse(status: 404)
        }
        return world
    }

    @Test("the user sees the code, and the client polls until the user agrees")
    func userAgrees() async throws {
        let pending = World.error("authorization_pending")
        let world = world(answers: [pending, World.error("slow_down"), pending, World.token("device-token")])
        let prompts = Mutex<[DevicePrompt]>([])
        let flow = try world.flow()
        let began = flow.clock.now
        let grant = AuthorizationGrant.device { prompt in prompts.withLock { $0.append(prompt) } }
        let authorization = try await flow.authorize(by: grant, after: challenge("Bearer scope=a"))
        #expect(authorization.tokens.accessToken == "device-token")
        let prompt = try #require(prompts.withLock { $0 }.first)
        #expect(prompt.userCode == "ABCD-EFGH")
        #expect(prompt.completeURL?.query == "user_code=ABCD-EFGH")
        // Two pauses of 5 seconds and, after slow_down, two of 10.
        #expect(began.duration(to: flow.clock.now) == .seconds(30))
        #expect(world.forms("/device_authorization").first?.values(of: "resource") == [World.server])
        #expect(world.forms("/device_authorization").first?.values(of: "scope") == ["a"])
        let form = try #require(world.forms().last)
        #expect(form.values(of: "grant_type") == ["urn:ietf:params:oauth:grant-type:device_code"])
        #expect(form.values(of: "device_code") == ["device-code-secret"])
        let types = try world.registrations().first?["grant_types"]
        #expect(types == ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"])
        #expect(try world.registrations().first?["redirect_uris"] == nil)
    }

    @Test("a refusal, an expired code and no decision end it")
    func endings() async throws {
        let rows: [(AuthResponse, AuthFailure.Kind)] = [
            (World.error("access_denied"), .denied), (World.error("expired_token"), .consentTimeout),
            (World.error("invalid_client", status: 401), .tokenRefused),
            (World.error("authorization_pending"), .consentTimeout),
            (AuthResponse(status: 200, fields: [.init("Content-Type", "text/html")], body: [60]), .malformedResponse),
        ]
        for (answer, kind) in rows {
            let world = world(answers: [answer])
            #expect(await failure { try await world.flow().authorize(by: .device { _ in }) }?.kind == kind)
            #expect(world.forms().count <= 20)
        }
    }

    @Test("an interval of 0 and a lifetime of a year are bounded")
    func boundedPolling() async throws {
        var start = Self.start
        start["interval"] = 0
        start["expires_in"] = 31_536_000
        let world = world(start, answers: [World.error("authorization_pending")])
        let flow = try world.flow { $0.limits.consent = .seconds(60) }
        #expect(await failure { try await flow.authorize(by: .device { _ in }) }?.kind == .consentTimeout)
        #expect(world.forms().count == 59)
    }

    @Test("a server without the endpoint, or with half a response, is reported")
    func badServers() async throws {
        for name in ["device_code", "user_code", "verification_uri"] {
            var start = Self.start
            start[name] = nil
            let world = world(start, answers: [])
            let failure = await failure { try await world.flow().authorize(by: .device { _ in }) }
            #expect(failure?.kind == .malformedResponse)
            #expect(failure?.message.contains(name) == true)
        }
        let world = World()
        #expect(await failure { try await world.flow().authorize(by: .device { _ in }) }?.kind == .missingEndpoint)
    }
}

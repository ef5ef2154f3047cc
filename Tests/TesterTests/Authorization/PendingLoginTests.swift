import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPClient
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import TestSupport
import Testing

@testable import Tester

/// Logins that connecting begins, against a script that is server and authorization server.
@Suite(.timeLimit(.minutes(5)))
struct PendingLoginTests {
    /// The metadata of an authorization server.
    private static func metadata(of origin: String) -> JSONValue {
        [
            "issuer": .string(origin), "authorization_endpoint": .string("\(origin)/authorize"),
            "token_endpoint": .string("\(origin)/token"), "registration_endpoint": .string("\(origin)/register"),
            "code_challenge_methods_supported": ["S256"],
        ]
    }

    /// A server that demands tokens.
    ///
    /// - Parameter hasMetadata: Whether it says who issues them.
    private static func server(hasMetadata: Bool = true, challenge: String = "Bearer") throws -> ScriptedHTTPServer {
        try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let origin = "http://\(request["host"] ?? "")"
                switch request.target {
                case "/.well-known/oauth-protected-resource/mcp" where hasMetadata:
                    let document = #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
                    try await connection.answer(200, body: document)
                case "/.well-known/oauth-authorization-server" where hasMetadata:
                    try await connection.answer(200, body: Self.metadata(of: origin).description)
                case "/register" where hasMetadata:
                    try await connection.answer(201, body: #"{"client_id":"registered"}"#)
                case "/token" where hasMetadata:
                    try await connection.answer(200, body: #"{"access_token":"a-token","token_type":"Bearer"}"#)
                case "/mcp" where request["authorization"] == "Bearer a-token":
                    try await connection.answerHandshake(request)
                case "/mcp": try await connection.answer(401, [("WWW-Authenticate", challenge)])
                default: try await connection.answer(404)
                }
            }
        }
    }

    private func session(_ clock: any Scheduler = SystemScheduler.shared, principal: Principal = .local)
        -> TesterSession
    {
        let clock = SystemTesterClock(clock)
        var settings = TesterSettings(info: Implementation(name: "tester-tests", version: "1"), era: .legacy) {
            $0.transport(scheduler: clock)
        }
        settings.authorization = TargetAuthorization(store: MemoryTokenStore())
        return TesterSession(settings: settings, clock: clock, principal: principal)
    }

    private func request(_ server: ScriptedHTTPServer) throws -> TesterSession.ConnectRequest {
        .init(target: try Target(HTTPEndpoint(url: server.url())))
    }

    /// Comes back from the browser as after the user's consent.
    private func agree(to consent: ConsentRequest) async throws {
        let query = try HTTPURL(consent.url).query ?? ""
        let value = { (name: String) in
            query.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        let redirect = try #require(value("redirect_uri")).replacing("%3A", with: ":").replacing("%2F", with: "/")
        let url = "\(redirect)?code=secret-code&state=\(try #require(value("state")))"
        let response = try await PlainRequest(to: HTTPEndpoint(url: url)).send(
            "GET",
            fields: [],
            body: nil,
            within: .seconds(60),
            on: SystemScheduler.shared
        )
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }

    @Test("a caller that waits for the login connects, and connections at the same time begin one login")
    func callerWaits() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let session = session()
        let request = try request(server)
        let consents = await withTaskGroup(of: ConsentRequest?.self) { group in
            for _ in 0..<8 { group.addTask { await session.connect(request, login: .begin).consent } }
            return await group.reduce(into: [ConsentRequest?]()) { $0.append($1) }
        }
        #expect(Set(consents.map { $0?.url }).count == 1)
        let consent = try #require(consents.first ?? nil)
        async let connected = session.connect(request, login: .wait)
        try await agree(to: consent)
        let report = await connected
        #expect(report.failure == nil, "\(report.structured)")
        #expect(server.requests.count { $0.target == "/register" } == 1)
        #expect(server.requests.count { $0.target == "/token" } == 1)
        #expect(!report.structured.description.contains("a-token"))
        // The token is a secret from now on, and a restart uses it.
        #expect(!session.redactor.redact("a-token").contains("a-token"))
        #expect(await session.restart(.init("default")).failure == nil)
        let audit = try await session.auditAuth(request).structured.value()["audit"]?.array
        let changed = audit?.first { $0["check"] == "changed-payload" }
        #expect(changed?["verdict"] == "ok", "the audit uses the token of the login: \(changed ?? nil)")
        let sibling = session.sibling()
        #expect(await sibling.connect(request).failure == nil)
        await sibling.close()
        await session.close()
    }

    @Test("a login that the user does not answer ends after the limit, which the next connection reports")
    func consentIsLimited() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let clock = FakeClock()
        let session = session(clock)
        let request = try request(server)
        let first = try #require(await session.connect(request, login: .begin).consent)
        let waiting = try await clock.passing(.seconds(300)) { await session.connect(request, login: .wait) }
        #expect(waiting.failure?.failureClass == .auth)
        #expect(waiting.failure?.details["authorization"]?["kind"] == "consent_timeout", "\(waiting.structured)")
        #expect(waiting.consent == nil)
        let second = try #require(await session.connect(request, login: .begin).consent)
        #expect(second.url != first.url)
        // The session ends with a login that waits.
        await session.close()
    }

    @Test("a refused URL ends the login")
    func refusal() async throws {
        let server = try Self.server()
        defer { server.stop() }
        let session = session()
        let request = try request(server)
        #expect(await session.connect(request, login: .begin).consent != nil)
        let refused = await session.connect(request, login: .end)
        #expect(refused.failure?.details["authorization"]?["kind"] == "denied", "\(refused.structured)")
        #expect(session.logins[ResourceIdentifier(server: try HTTPURL(server.url()))] == nil)
        await session.close()
    }

    @Test("the challenge is used and reported, also if the body of the 401 is a message")
    func challengeWithMessage() async throws {
        let server = try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let origin = "http://\(request["host"] ?? "")"
                switch request.target {
                // Only the challenge leads here.
                case "/metadata":
                    let document = #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
                    try await connection.answer(200, body: document)
                case "/.well-known/oauth-authorization-server":
                    try await connection.answer(200, body: Self.metadata(of: origin).description)
                case "/register": try await connection.answer(201, body: #"{"client_id":"registered"}"#)
                case "/mcp":
                    try await connection.answer(
                        401,
                        [
                            ("Content-Type", "application/json"),
                            ("WWW-Authenticate", "Bearer resource_metadata=\"\(origin)/metadata\", scope=\"use\""),
                        ],
                        body: #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"authentication required"}}"#
                    )
                default: try await connection.answer(404)
                }
            }
        }
        defer { server.stop() }
        let session = session()
        let request = try request(server)
        let begun = await session.connect(request, login: .begin)
        #expect(begun.consent?.url.contains("scope=use") == true, "\(begun.structured)")
        let refused = await session.connect(request, login: .end)
        let steps = try #require(refused.failure?.evidence["authorization"]?.array)
        #expect(steps.first?["found"] == "a challenge with resource_metadata, scope", "\(steps)")
        #expect(steps.allSatisfy { $0["verdict"] == "ok" }, "\(steps)")
        await session.close()
    }

    @Test("no login begins for a server without metadata, for another scheme, or if the caller takes no part")
    func noLogin() async throws {
        let bare = try Self.server(hasMetadata: false)
        let basic = try Self.server(challenge: "Basic realm=\"x\"")
        let guarded = try Self.server()
        defer { for server in [bare, basic, guarded] { server.stop() } }
        let cases: [(ScriptedHTTPServer, LoginStep?, Principal)] = [
            (bare, .begin, .local), (basic, .begin, .local), (guarded, nil, .local), (guarded, .wait, .local),
            (guarded, .begin, .subject("someone")),
        ]
        for (server, step, principal) in cases {
            let session = session(principal: principal)
            let report = await session.connect(try request(server), login: step)
            #expect(report.consent == nil)
            #expect(report.failure?.nextStep.contains("Give a token") == true, "\(report.structured)")
            await session.close()
        }
        #expect(!(bare.requests + basic.requests + guarded.requests).contains { $0.target == "/register" })
    }
}

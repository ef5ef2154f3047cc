import AsyncRuntime
import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import TestSupport
import Tester
import Testing

@testable import MCPAuthServer

/// The doctor and the audit of the demo server with each of its faults, over loopback.
@Suite(.timeLimit(.minutes(10)))
struct DoctorTests {
    /// What the doctor names at a server.
    ///
    /// - Parameters:
    ///   - token: A token that is tried.
    ///   - host: The host to replay.
    private static func problems(
        of server: Protected,
        token: String? = nil,
        as host: HostProfile? = nil
    ) async throws -> (Report, Set<String>) {
        var target = try Target(HTTPEndpoint(url: server.url))
        if let token { target.authorize(bearer: token) }
        let doctor = AuthDoctor(
            of: target,
            TargetAuthorization(store: MemoryTokenStore()),
            clock: SystemScheduler.shared
        )
        let report = try await doctor.run(as: host)
        let problems = report.structured.value()["problems"]?.array ?? []
        return (report, Set(problems.compactMap { $0["about"]?.string }))
    }

    /// What the audit names at a server.
    private static func accepted(by server: Protected) async throws -> Set<String> {
        let issuer = try #require(server.issuer)
        let tokens = AuditTokens(
            issuer: AuditIssuer(mint: issuer.mint, audience: server.url, scopes: ScopeSet([DemoIssuer.scope])),
            keys: KeySet(try issuer.mint.keyDocument()),
            revoke: { token in
                issuer.revoke(token)
                return true
            }
        )
        let target = try Target(HTTPEndpoint(url: server.url))
        let report = try await AuthAudit(of: target, tokens, clock: SystemScheduler.shared, now: Protected.now).run()
        let rows = report.structured.value()["audit"]?.array ?? []
        let found = rows.filter { $0["verdict"] == "fault" || $0["verdict"] == "warning" }
        return Set(found.compactMap { $0["check"]?.string })
    }

    /// A token of the issuer without any scope.
    private static func weakToken(for server: Protected) throws -> String {
        let mint = try #require(server.issuer).mint
        let order = TokenMint.Order(
            subject: "user",
            client: "client",
            audience: server.url,
            scopes: ScopeSet(),
            issuedAt: Protected.now()
        )
        return try mint.sign(mint.claims(order))
    }

    @Test("a sound server has no finding, neither of the doctor nor of the audit")
    func soundServer() async throws {
        try await Protected.run { server in
            let weak = try Self.weakToken(for: server)
            let cases: [(token: String?, host: String?)] = [
                (nil, nil), (nil, "inspector"), (nil, "browser"), (weak, nil),
            ]
            for (token, host) in cases {
                let profile = host.flatMap(HostProfile.named)
                let (report, problems) = try await Self.problems(of: server, token: token, as: profile)
                #expect(report.outcome == .pass)
                #expect(problems.isEmpty, "\(report.structured)")
            }
            #expect(try await Self.accepted(by: server).isEmpty)
        }
    }

    /// What names each fault: problems of the doctor, then checks of the audit.
    private static let names: [AuthFault: (doctor: Set<String>, audit: Set<String>)] = [
        .noResourceMetadata: (["resource_metadata_missing"], []),
        .otherResource: (["resource_mismatch"], []),
        .trailingSlash: (["trailing_slash"], []),
        .resourcePath: (["resource_mismatch"], []),
        .misplacedMetadata: (["resource_metadata_misplaced"], []),
        .noServerMetadata: (["server_metadata_missing"], []),
        .wrongIssuer: (["issuer_mismatch"], []),
        .noS256: (["no_s256"], []),
        .noRegistration: (["no_registration"], []),
        .noCORS: (["cors_missing"], []),
        .unknownScopes: (["unknown_scope"], []),
        // A 403 has no challenge either.
        .noChallenge: (["challenge_missing"], ["missing-scope"]),
        .malformedChallenge: (["challenge_malformed"], []),
        .forbiddenWithoutScope: (["forbidden_without_scope"], ["missing-scope"]),
        .acceptsNoToken: (["not_demanded"], ["no-token", "query-token", "session-without-token"]),
        .acceptsExpired: ([], ["expired"]),
        .acceptsNotYetValid: ([], ["not-yet-valid"]),
        .acceptsWrongAudience: ([], ["wrong-audience"]),
        .acceptsWrongIssuer: ([], ["wrong-issuer"]),
        .acceptsUnsigned: ([], ["alg-none"]),
        .acceptsKeyConfusion: ([], ["key-confusion"]),
        .acceptsChangedPayload: ([], ["changed-payload", "unknown-kid"]),
        .acceptsUnknownKey: ([], ["unknown-kid"]),
        .acceptsMissingScope: ([], ["missing-scope"]),
        .acceptsQueryToken: ([], ["query-token"]),
        .acceptsForeignSession: ([], ["foreign-session"]),
        .acceptsSessionWithoutToken: ([], ["foreign-session", "session-without-token"]),
        .acceptsRevoked: ([], ["after-revocation"]),
    ]

    @Test("each fault is named by the doctor or the audit, and nothing else is", arguments: AuthFault.allCases)
    func faultIsNamed(_ fault: AuthFault) async throws {
        let expected = try #require(Self.names[fault])
        try await Protected.run([fault]) { server in
            let token = fault == .forbiddenWithoutScope ? try Self.weakToken(for: server) : nil
            // Only clients in browsers are stopped by it.
            let host = fault == .noCORS ? HostProfile.named("browser") : nil
            let (report, problems) = try await Self.problems(of: server, token: token, as: host)
            #expect(problems == expected.doctor, "\(report.structured)")
            #expect(try await Self.accepted(by: server) == expected.audit)
        }
    }

    @Test(
        "without metadata of the resource, only clients that fall back to the origin work, and a login shows a warning",
        arguments: [AuthFault.noResourceMetadata, .misplacedMetadata]
    )
    func fallback(_ fault: AuthFault) async throws {
        try await Protected.run([fault]) { server in
            let (report, _) = try await Self.problems(of: server)
            #expect(report.outcome == .fail)
            let message = try #require(report.failure?.message)
            #expect(message.contains("works only in clients that fall back to the server's origin"), "\(message)")
            let machine = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
            let authorization = TargetAuthorization(store: MemoryTokenStore(), client: machine)
            let target = try Target(HTTPEndpoint(url: server.url))
            let login = Login(to: target, authorization, clock: SystemScheduler.shared)
            let passed = try await login.run(by: .unattended(.clientCredentials))
            #expect(passed.outcome == .pass, "\(passed.structured)")
            let verdicts = passed.structured.value()["steps"]?.array?.compactMap { $0["verdict"]?.string } ?? []
            #expect(verdicts.contains("warning") && !verdicts.contains("fault"), "\(passed.structured)")
        }
        try await Protected.run([fault, .noS256]) { server in
            let (report, _) = try await Self.problems(of: server)
            #expect(report.failure?.message.contains("does not work") == true, "\(report.structured)")
        }
    }

    /// Logs in without a user.
    private static func login(to url: String) async throws -> Report {
        let machine = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
        let authorization = TargetAuthorization(store: MemoryTokenStore(), client: machine)
        let login = Login(to: try Target(HTTPEndpoint(url: url)), authorization, clock: SystemScheduler.shared)
        return try await login.run(by: .unattended(.clientCredentials))
    }

    @Test("a login at a server that demands no authorization says so, and at a wrong path names the path")
    func nothingToLogInTo() async throws {
        try await Protected.serve({ _ in }) { url in
            let open = try await Self.login(to: url)
            #expect(open.outcome == .pass)
            #expect(open.summary.contains("demands no authorization: no login is needed"), "\(open.summary)")
            let wrong = try await Self.login(to: url + "/other")
            #expect(wrong.outcome == .error)
            #expect(wrong.failure?.nextStep.contains("Check the path") == true, "\(wrong.structured)")
        }
        // The metadata is a reason to log in: some tools may need a token.
        try await Protected.run([.acceptsNoToken]) { server in
            let passed = try await Self.login(to: server.url)
            #expect(passed.structured.value()["authorization"] != nil, "\(passed.structured)")
        }
    }

    @Test("a server that cannot be reached is an error, and breaks no rule")
    func unreachable() async throws {
        for host in [nil, HostProfile.named("claude")] {
            let target = try Target(HTTPEndpoint(url: "http://127.0.0.1:1/mcp"))
            let authorization = TargetAuthorization(store: MemoryTokenStore())
            let report = try await AuthDoctor(of: target, authorization, clock: SystemScheduler.shared).run(as: host)
            #expect(report.outcome == .error && report.failure?.failureClass == .transport, "\(report.structured)")
            let problems = report.structured.value()["problems"]?.array ?? []
            let problem = try #require(problems.first { $0["about"] == "unreachable" })
            #expect(problem["rule"] == nil && problem["source"] == nil, "\(problem)")
        }
    }

    @Test("a store that cannot be used is named, and the examination goes on")
    func unusableStore() async throws {
        try await Protected.run { server in
            let authorization = TargetAuthorization(store: UnusableStore())
            let target = try Target(HTTPEndpoint(url: server.url))
            let report = try await AuthDoctor(of: target, authorization, clock: SystemScheduler.shared).run()
            #expect(report.outcome == .pass)
            let notes = report.structured.value()["notes"]?.array?.compactMap(\.string) ?? []
            let expected = "No stored token was tried, because the store cannot be used: the keyring is locked."
            #expect(notes.first == expected, "\(notes)")
        }
    }

    /// A store whose keyring is locked, and which looks empty.
    private struct UnusableStore: TokenStore {
        func authorizations() async throws(AuthFailure) -> [Authorization] { [] }
        func save(_ authorization: Authorization) async throws(AuthFailure) {}
        func remove(_ key: Authorization.Key) async throws(AuthFailure) -> Bool { false }
        func check(isForSaving: Bool) async throws(AuthFailure) { throw AuthFailure(.store, "the keyring is locked") }
        func exclusively<Value: Sendable>(
            _ body: @Sendable () async throws(AuthFailure) -> Value
        ) async throws(AuthFailure) -> Value { try await body() }
    }

    @Test("a report says what only some clients do, and what was not tested")
    func extent() async throws {
        try await Protected.run([.noChallenge]) { server in
            let (report, _) = try await Self.problems(of: server)
            #expect(report.outcome == .pass)
            let extent = "works in clients that look for the metadata at the well-known place, with 1 warning"
            #expect(report.summary.contains(extent), "\(report.summary)")
        }
        try await Protected.run([.noCORS, .forbiddenWithoutScope]) { server in
            let (report, _) = try await Self.problems(of: server)
            let notes = report.structured.value()["notes"]?.array?.compactMap(\.string) ?? []
            for part in ["No valid token was tried", "No client was registered", "web pages (CORS)"] {
                #expect(notes.contains { $0.contains(part) }, "\(notes)")
            }
        }
    }

    @Test("what stops a host comes first: its servers cannot reach this machine, or it compares the resource exactly")
    func hostIsStopped() async throws {
        try await Protected.run([.trailingSlash]) { server in
            let (claude, _) = try await Self.problems(of: server, as: HostProfile.named("claude"))
            #expect(claude.outcome == .fail)
            let problems = claude.structured.value()["problems"]?.array ?? []
            #expect(problems.first?["about"] == "refused_address" && problems.first?["severity"] == "error")
            #expect(claude.failure?.message.contains("reaches the server from the internet") == true)
            for name in ["claude", "vscode"] {
                let (report, _) = try await Self.problems(of: server, as: HostProfile.named(name))
                let problems = report.structured.value()["problems"]?.array ?? []
                let slash = problems.filter { $0["about"] == "trailing_slash" }
                #expect(slash.count == 1 && slash[0]["severity"] == "error", "\(problems)")
                #expect(slash[0]["source"]?.string?.hasPrefix("https://") == true, "\(problems)")
            }
            let (report, _) = try await Self.problems(of: server)
            #expect(report.outcome == .pass)
            let slash = report.structured.value()["problems"]?.array?.first
            #expect(slash?["source"]?.string?.contains("RFC 9728, section 3.3") == true, "\(report.structured)")
        }
    }

    @Test("headers of the target reach the server itself and nothing else")
    func headers() async throws {
        let server = try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let isKnown = request["x-key"] == "secret-of-the-gateway"
                let status = request.target == "/mcp" ? (isKnown ? 401 : 403) : 404
                try await connection.answer(status, [("WWW-Authenticate", "Bearer")])
            }
        }
        defer { server.stop() }
        let endpoint = HTTPEndpoint(url: server.url(), headers: [HTTPField("X-Key", "secret-of-the-gateway")])
        let doctor = AuthDoctor(
            of: try Target(endpoint),
            TargetAuthorization(store: MemoryTokenStore()),
            clock: SystemScheduler.shared
        )
        let report = try await doctor.run()
        let problems = report.structured.value()["problems"]?.array ?? []
        #expect(!problems.contains { $0["about"] == "wrong_status" }, "\(report.structured)")
        #expect(server.requests.contains { $0.target != "/mcp" })
        #expect(server.requests.allSatisfy { ($0["x-key"] != nil) == ($0.target == "/mcp" && $0.method != "OPTIONS") })
        #expect(!report.structured.description.contains("secret-of-the-gateway"))
    }
}

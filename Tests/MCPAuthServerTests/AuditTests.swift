import AsyncRuntime
import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import Platform
import Synchronization
import TestSupport
import Tester
import Testing

@testable import MCPAuthServer

/// The audit of servers that verify tokens, and of such that do not.
@Suite(.timeLimit(.minutes(5)))
struct AuditTests {
    /// The verdicts of the checks, by name.
    private struct Result {
        var report: Report
        var rows: [JSONValue]

        init(_ report: Report) {
            self.report = report
            rows = report.structured.value()["audit"]?.array ?? []
        }

        func checks(_ verdict: String) -> Set<String> {
            Set(rows.filter { $0["verdict"]?.string == verdict }.compactMap { $0["check"]?.string })
        }
    }

    private static func audit(_ url: String, _ tokens: AuditTokens) async throws -> Result {
        let target = try Target(HTTPEndpoint(url: url))
        let audit = AuthAudit(of: target, tokens, clock: SystemScheduler.shared, now: Protected.now)
        return Result(try await audit.run())
    }

    /// The tokens of a server with its own issuer, whose key the audit has.
    private static func tokens(of server: Protected) throws -> AuditTokens {
        let issuer = try #require(server.issuer)
        return AuditTokens(
            issuer: AuditIssuer(mint: issuer.mint, audience: server.url, scopes: ScopeSet([DemoIssuer.scope])),
            keys: KeySet(try issuer.mint.keyDocument()),
            revoke: { token in
                issuer.revoke(token)
                return true
            }
        )
    }

    @Test("a sound server has no finding, and every check is conclusive")
    func soundServer() async throws {
        try await Protected.run { server in
            let result = try await Self.audit(server.url, try Self.tokens(of: server))
            #expect(result.report.outcome == .pass)
            #expect(result.rows.count == AuditCheck.allCases.count)
            #expect(result.checks("ok").count == AuditCheck.allCases.count, "\(result.rows)")
            let sent = result.report.structured.value()["requests_sent"]?.int ?? 0
            #expect(sent > AuditCheck.allCases.count && sent <= 60)
        }
    }

    @Test(
        "each fault of the server is found, and no other",
        arguments: AuthFault.allCases.filter { $0.rawValue.hasPrefix("accepts-") }
    )
    func faultIsFound(_ fault: AuthFault) async throws {
        let names: [AuthFault: String] = [
            .acceptsNoToken: "no-token", .acceptsExpired: "expired", .acceptsNotYetValid: "not-yet-valid",
            .acceptsWrongAudience: "wrong-audience", .acceptsWrongIssuer: "wrong-issuer",
            .acceptsUnsigned: "alg-none", .acceptsKeyConfusion: "key-confusion",
            .acceptsChangedPayload: "changed-payload", .acceptsUnknownKey: "unknown-kid",
            .acceptsMissingScope: "missing-scope", .acceptsQueryToken: "query-token",
            .acceptsForeignSession: "foreign-session", .acceptsSessionWithoutToken: "session-without-token",
            .acceptsRevoked: "after-revocation",
        ]
        try await Protected.run([fault]) { server in
            let result = try await Self.audit(server.url, try Self.tokens(of: server))
            let found = result.checks("fault").union(result.checks("warning"))
            let expected = try #require(names[fault])
            // What follows from the same fault: without any signature, an unknown key is accepted as well, and so on.
            let implied: [AuthFault: Set<String>] = [
                .acceptsNoToken: ["query-token", "session-without-token"],
                .acceptsChangedPayload: ["unknown-kid"],
                .acceptsSessionWithoutToken: ["foreign-session"],
            ]
            #expect(found.contains(expected), "\(result.rows)")
            #expect(found.subtracting(implied[fault] ?? []) == [expected], "\(result.rows)")
            #expect(result.checks("inconclusive").isEmpty)
            let isFailed = fault != .acceptsRevoked
            #expect((result.report.outcome == .fail) == isFailed)
            let isNamed = result.report.nextStep?.contains("the warning of after-revocation") == true
            #expect(isNamed == !isFailed, "\(result.report.structured)")
        }
    }

    @Test("a 403 without scopes is a warning")
    func forbiddenWithoutScope() async throws {
        try await Protected.run([.forbiddenWithoutScope]) { server in
            let result = try await Self.audit(server.url, try Self.tokens(of: server))
            #expect(result.checks("warning") == ["missing-scope"])
            #expect(result.report.outcome == .pass)
        }
    }

    @Test("with a given token, forgeries are sent, and each other check says what it needs")
    func givenToken() async throws {
        for fault in [nil, AuthFault.acceptsUnsigned, .acceptsKeyConfusion, .acceptsRevoked] {
            try await Protected.run(fault.map { [$0] } ?? []) { server in
                let target = try Target(HTTPEndpoint(url: server.url))
                let machine = OAuthClient(id: DemoIssuer.machine.id, secret: DemoIssuer.machine.secret)
                let tokens = try await AuditTokens(
                    of: target,
                    given: nil,
                    other: nil,
                    TargetAuthorization(store: MemoryTokenStore(), grant: .clientCredentials, client: machine),
                    revokes: true,
                    clock: SystemScheduler.shared
                )
                let result = try await Self.audit(server.url, tokens)
                let names = ["alg-none", "key-confusion", "after-revocation"]
                let found = result.checks("fault").union(result.checks("warning"))
                let expected = fault.flatMap { fault in names.first { fault.rawValue == "accepts-\($0)" } }
                #expect(found == (fault == .acceptsRevoked ? ["after-revocation"] : Set([expected].compactMap(\.self))))
                #expect(
                    result.checks("inconclusive")
                        == [
                            "expired", "not-yet-valid", "wrong-audience", "wrong-issuer", "missing-scope",
                            "foreign-session",
                        ]
                )
                #expect(result.rows.allSatisfy { $0["verdict"] != "inconclusive" || $0["needed"]?.string != nil })
                let valid = try #require(tokens.valid)
                #expect(!result.report.structured.description.contains(valid))
            }
        }
    }

    @Test("without a valid token only that is proven what needs none")
    func noToken() async throws {
        try await Protected.run { server in
            for tokens in [AuditTokens(), AuditTokens(valid: "not-a-token")] {
                let result = try await Self.audit(server.url, tokens)
                #expect(result.report.outcome == .error && result.report.failure?.failureClass == .auth)
                #expect(result.checks("ok") == ["no-token"])
                #expect(result.checks("inconclusive").count == AuditCheck.allCases.count - 1)
            }
        }
        try await Protected.run([.acceptsNoToken]) { server in
            let result = try await Self.audit(server.url, AuditTokens())
            #expect(result.report.outcome == .fail)
        }
    }

    @Test("the audit only reads: it opens sessions, pings and ends them, and calls no tool")
    func readsOnly() async throws {
        let methods = Mutex<Set<String>>([])
        let server = try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let method = request.text.isEmpty ? nil : try JSONValue(parsing: request.text)["method"]?.string
                methods.withLock { _ = $0.insert(method ?? request.method) }
                guard request["authorization"] == "Bearer valid-token" else {
                    try await connection.answer(401, [("WWW-Authenticate", "Bearer")])
                    continue
                }
                let result =
                    #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}"#
                try await connection.answer(
                    200,
                    [("Content-Type", "application/json"), ("Mcp-Session-Id", "session-1")],
                    body: #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#
                )
            }
        }
        defer { server.stop() }
        let result = try await Self.audit(server.url(), AuditTokens(valid: "valid-token"))
        #expect(result.report.outcome == .pass, "\(result.rows)")
        let allowed: Set<String> = [
            "initialize", "notifications/initialized", "server/discover", "ping", "DELETE", "GET",
        ]
        #expect(methods.withLock { $0 }.isSubset(of: allowed), "\(methods.withLock { $0 })")
        #expect(server.requests.count <= 60)
    }

    @Test("a server that cannot be reached ends the audit with the reason")
    func unreachable() async throws {
        let result = try await Self.audit("http://127.0.0.1:1/mcp", AuditTokens(valid: "token"))
        #expect(result.report.outcome == .error)
        #expect(result.report.summary.contains("connection refused"), "\(result.report.summary)")
    }

    @Test("no token that was sent is in a report")
    func secrets() async throws {
        try await Protected.run([.acceptsUnsigned]) { server in
            let tokens = try Self.tokens(of: server)
            let result = try await Self.audit(server.url, tokens)
            let text = result.report.structured.description
            // The beginning of every JWT.
            #expect(!text.contains("eyJ"), "\(text)")
        }
    }

    // MARK: - FastMCP

    /// Serves the keys of a new issuer while the body runs.
    private static func issuing(
        _ body: (_ mint: TokenMint, _ keys: String) async throws -> Void
    ) async throws {
        let key = try SigningKey.generate().identified()
        var options = HTTPServerOptions(port: 0, path: "/")
        options.makeSite = { url in
            do {
                let settings = DemoIssuer.Settings(
                    issuer: try HTTPURL(url).origin,
                    resources: ["audience"],
                    scopes: ScopeSet(["use"])
                )
                return HTTPSite(
                    pages: try DemoIssuer(settings, key: key, http: Protected.http, now: Protected.now)
                )
            } catch {
                preconditionFailure("\(error)")
            }
        }
        let server = try await SiteServer.start(options, scheduler: SystemScheduler.shared)
        let issuer = "http://127.0.0.1:\(server.port)"
        do {
            try await body(TokenMint(issuer: issuer, key: key), "\(issuer)\(DemoIssuer.keysPath)")
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test(
        "FastMCP's verifier ignores nbf, and any audience if it is given none; everything else is sound",
        arguments: ["audience", "-"]
    )
    func fastMCP(_ audience: String) async throws {
        try #require(TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)")
        try await Self.issuing { mint, keys in
            let script = TestPeers.script("servers/fastmcp4_jwt.py")
            let peer = try await HTTPPeer(
                [TestPeers.fastmcp4.python, script, mint.issuer, keys, audience, "use", "--http", "0"]
            )
            let issuer = AuditIssuer(mint: mint, audience: "audience", scopes: ScopeSet(["use"]))
            let tokens = AuditTokens(issuer: issuer, keys: KeySet(try mint.keyDocument()))
            let result = try await Self.audit(peer.url, tokens)
            let faults: Set<String> = audience == "-" ? ["not-yet-valid", "wrong-audience"] : ["not-yet-valid"]
            #expect(result.checks("fault") == faults, "\(result.rows)")
            #expect(result.checks("inconclusive") == ["after-revocation"], "\(result.rows)")
        }
    }
}

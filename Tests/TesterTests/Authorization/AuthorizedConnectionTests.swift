import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPClient
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport
import Testing

@testable import Tester

/// Connections to a server that demands tokens; the same script is its authorization server.
@Suite(.timeLimit(.minutes(15)))
struct AuthorizedConnectionTests {
    /// A server whose tokens are `token-` and the requested scopes.
    ///
    /// - Parameter needed: The token that it accepts; others get 403 with the scope `write`, and none gets 401.
    private static func server(accepting needed: String) throws -> ScriptedHTTPServer {
        try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let origin = "http://\(request["host"] ?? "")"
                switch request.target {
                case "/.well-known/oauth-protected-resource/mcp":
                    try await connection.answer(
                        200,
                        body: #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
                    )
                case "/.well-known/oauth-authorization-server":
                    try await connection.answer(
                        200,
                        body: #"{"issuer":"\#(origin)","token_endpoint":"\#(origin)/token"}"#
                    )
                case "/token":
                    let isKnown = request["authorization"] == "Basic bWFjaGluZTptYWNoaW5lLXNlY3JldA=="
                    let scope =
                        request.text.split(separator: "&").first { $0.hasPrefix("scope=") }?.dropFirst(6) ?? "none"
                    let body = #"{"access_token":"token-\#(scope)","token_type":"Bearer"}"#
                    try await connection.answer(
                        isKnown ? 200 : 401,
                        body: isKnown ? body : #"{"error":"invalid_client"}"#
                    )
                default: try await Self.answer(request, on: connection, accepting: needed)
                }
            }
        }
    }

    private static func answer(
        _ request: ScriptedHTTPRequest,
        on connection: ScriptedHTTPConnection,
        accepting needed: String
    ) async throws {
        guard let given = request["authorization"] else {
            return try await connection.answer(401, [("WWW-Authenticate", "Bearer scope=\"read\"")])
        }
        guard given == "Bearer \(needed)" else {
            let challenge = "Bearer error=\"insufficient_scope\", scope=\"write\""
            return try await connection.answer(403, [("WWW-Authenticate", challenge)])
        }
        try await connection.answerHandshake(request)
    }

    private func session(
        _ authorization: TargetAuthorization?,
        principal: Principal = .local
    ) -> TesterSession {
        let clock = SystemTesterClock(SystemScheduler.shared)
        var settings = TesterSettings(info: Implementation(name: "tester-tests", version: "1"), era: .legacy) {
            $0.transport(scheduler: clock)
        }
        settings.authorization = authorization
        return TesterSession(settings: settings, clock: clock, principal: principal)
    }

    private func machine(_ secret: String = "machine-secret") -> TargetAuthorization {
        TargetAuthorization(
            store: MemoryTokenStore(),
            grant: .clientCredentials,
            client: OAuthClient(id: "machine", secret: secret)
        )
    }

    private func connect(_ session: TesterSession, _ server: ScriptedHTTPServer) async throws -> Report {
        await session.connect(.init(target: try Target(HTTPEndpoint(url: server.url()))))
    }

    @Test("a 401 is answered with a token of the client, and later connections use it at once")
    func clientConnects() async throws {
        let server = try Self.server(accepting: "token-read")
        defer { server.stop() }
        let session = session(machine())
        let report = try await connect(session, server)
        #expect(report.failure == nil, "\(report.structured)")
        #expect(report.structured.value()["metadata"]?["auth_source"] == "authorization")
        #expect(report.structured.value()["metadata"]?["auth_type"] == "bearer")
        #expect(!report.structured.description.contains("token-read"))
        let tokenRequests = { server.requests.count { $0.target == "/token" } }
        #expect(tokenRequests() == 1)
        _ = try await connect(session, server)
        _ = await session.restart(.init("default"))
        #expect(tokenRequests() == 1)
        #expect(server.requests.count { $0.target == "/mcp" && $0["authorization"] == nil } == 1)
        await session.close()
    }

    @Test("a 403 with insufficient_scope is answered with a token for both scopes")
    func stepUp() async throws {
        let server = try Self.server(accepting: "token-read%20write")
        defer { server.stop() }
        let session = session(machine())
        let report = try await connect(session, server)
        #expect(report.failure == nil, "\(report.structured)")
        #expect(server.requests.count { $0.target == "/token" } == 2)
        await session.close()
    }

    @Test("a server that is never content ends with the reason, after three tokens at most")
    func endlessStepUp() async throws {
        let server = try Self.server(accepting: "no-such-token")
        defer { server.stop() }
        let session = session(machine())
        let failure = try #require(try await connect(session, server).failure)
        #expect(failure.failureClass == .auth)
        #expect(failure.details["authorization"]?["kind"] == "scope_limit")
        #expect(server.requests.count { $0.target == "/token" } <= 3)
        await session.close()
    }

    /// A server that is its own authorization server: it accepts the token of the latest token request, and tools need scopes.
    private static func expiring(_ valid: Validity) throws -> ScriptedHTTPServer {
        try ScriptedHTTPServer { connection in
            while let request = try await connection.readRequest() {
                let origin = "http://\(request["host"] ?? "")"
                switch request.target {
                case "/.well-known/oauth-protected-resource/mcp":
                    let document = #"{"resource":"\#(origin)/mcp","authorization_servers":["\#(origin)"]}"#
                    try await connection.answer(200, body: document)
                case "/.well-known/oauth-authorization-server":
                    let document = #"{"issuer":"\#(origin)","token_endpoint":"\#(origin)/token"}"#
                    try await connection.answer(200, body: document)
                case "/token":
                    let scope = FormText.value(of: "scope", in: request.text) ?? "read"
                    let token = valid.issue(scope)
                    try await connection.answer(200, body: #"{"access_token":"\#(token)","token_type":"Bearer"}"#)
                default: try await Self.call(request, on: connection, valid)
                }
            }
        }
    }

    private static func call(
        _ request: ScriptedHTTPRequest,
        on connection: ScriptedHTTPConnection,
        _ valid: Validity
    ) async throws {
        guard let scopes = valid.scopes(of: request["authorization"]) else {
            return try await connection.answer(401, [("WWW-Authenticate", "Bearer scope=\"read\"")])
        }
        guard request.method == "POST", request.text.contains("\"id\"") else {
            return try await connection.answer(request.method == "POST" ? 202 : 405)
        }
        if request.text.contains("\"write\""), !scopes.contains("write") {
            let challenge = "Bearer error=\"insufficient_scope\", scope=\"write\""
            return try await connection.answer(403, [("WWW-Authenticate", challenge)])
        }
        let id = try JSONValue(parsing: request.body)["id"]?.description ?? "null"
        let result =
            request.text.contains("\"initialize\"")
            ? #"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"g","version":"1"}}"#
            : #"{"content":[{"type":"text","text":"done"}]}"#
        try await connection.answer(200, body: #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
    }

    /// Which token is valid: the latest one, until it is revoked.
    private final class Validity: Sendable {
        private let state = Mutex<(count: Int, scope: String, isRevoked: Bool)>((0, "", true))

        func issue(_ scope: String) -> String {
            state.withLock { state in
                state = (state.count + 1, scope, false)
                return "issued-token-\(state.count)"
            }
        }

        func revoke() { state.withLock { $0.isRevoked = true } }

        func scopes(of field: String?) -> String? {
            state.withLock { field == "Bearer issued-token-\($0.count)" && !$0.isRevoked ? $0.scope : nil }
        }
    }

    private enum FormText {
        static func value(of name: String, in form: String) -> String? {
            form.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
    }

    @Test("a token that is revoked while the connection is open is replaced once, also for 64 calls at the same time")
    func tokenIsRevokedLater() async throws {
        let valid = Validity()
        let server = try Self.expiring(valid)
        defer { server.stop() }
        let session = session(machine())
        #expect(try await connect(session, server).failure == nil)
        let first = await session.callTool("read")
        #expect(first.failure == nil, "\(first.structured)")
        // A call with a valid token is one request.
        #expect(server.requests.count { $0.text.contains("tools/call") } == 1)
        valid.revoke()
        let reports = await withTaskGroup(of: Report.self) { group in
            for _ in 0..<64 { group.addTask { await session.callTool("read") } }
            return await group.reduce(into: [Report]()) { $0.append($1) }
        }
        #expect(reports.allSatisfy { $0.failure == nil })
        #expect(server.requests.count { $0.target == "/token" } == 2)
        #expect(!reports.contains { $0.structured.description.contains("issued-token") })
        await session.close()
    }

    @Test("a call that needs another scope gets a token for both, and the call after it needs no further one")
    func stepUpOfACall() async throws {
        let valid = Validity()
        let server = try Self.expiring(valid)
        defer { server.stop() }
        let session = session(machine())
        #expect(try await connect(session, server).failure == nil)
        for _ in 0..<2 {
            let report = await session.callTool("write")
            #expect(report.failure == nil, "\(report.structured)")
        }
        let forms = server.requests.filter { $0.target == "/token" }.map(\.text)
        #expect(forms.map { FormText.value(of: "scope", in: $0) } == ["read", "read%20write"])
        await session.close()
    }

    @Test("a token that cannot be replaced fails the call with the steps and the advice of the authorization")
    func tokenCannotBeReplaced() async throws {
        let valid = Validity()
        let server = try Self.expiring(valid)
        defer { server.stop() }
        let store = MemoryTokenStore()
        let resource = ResourceIdentifier(server: try HTTPURL(server.url()))
        await store.save(
            Authorization(
                server: resource,
                resource: resource,
                issuer: "http://127.0.0.1",
                client: OAuthClient(id: "stored"),
                method: .none,
                tokenEndpoint: try HTTPURL("http://127.0.0.1:1/token"),
                grant: "authorization_code",
                redirectURI: nil,
                tokens: TokenSet(accessToken: valid.issue("read"))
            )
        )
        let session = session(TargetAuthorization(store: store))
        #expect(try await connect(session, server).failure == nil)
        valid.revoke()
        let failure = try #require(await session.callTool("read").failure)
        #expect(failure.failureClass == .auth)
        #expect(failure.nextStep.contains("auth login"), "\(failure.nextStep)")
        #expect(failure.message.contains("no other token"), "\(failure.message)")
        await session.close()
    }

    @Test("a failed authorization is reported with its steps and without the secret")
    func failureHasEvidence() async throws {
        let server = try Self.server(accepting: "token-read")
        defer { server.stop() }
        let session = session(machine("another-secret"))
        let report = try await connect(session, server)
        let failure = try #require(report.failure)
        #expect(failure.failureClass == .auth)
        #expect(failure.message.contains("invalid_client"), "\(failure.message)")
        #expect(failure.details["http_status"] == 401)
        let steps = failure.evidence["authorization"]?.array ?? []
        #expect(steps.last?["request"]?.string?.hasSuffix("/token") == true)
        #expect(steps.allSatisfy { $0["source"]?.string?.isEmpty == false })
        #expect(!report.structured.description.contains("another-secret"))
        await session.close()
    }

    @Test("the login of the local user is not used for another principal, and without one a 401 says how to log in")
    func principalsAreApart() async throws {
        let server = try Self.server(accepting: "token-read")
        defer { server.stop() }
        let store = MemoryTokenStore()
        let local = session(TargetAuthorization(store: store))
        let refused = try #require(try await connect(local, server).failure)
        #expect(refused.nextStep.contains("auth login"), "\(refused.nextStep)")
        let resource = ResourceIdentifier(server: try HTTPURL(server.url()))
        await store.save(
            Authorization(
                server: resource,
                resource: resource,
                issuer: "http://127.0.0.1",
                client: OAuthClient(id: "stored"),
                method: .none,
                tokenEndpoint: try HTTPURL("http://127.0.0.1:1/token"),
                grant: "authorization_code",
                redirectURI: nil,
                tokens: TokenSet(accessToken: "token-read")
            )
        )
        #expect(try await connect(local, server).failure == nil)
        let other = session(TargetAuthorization(store: store), principal: .subject("someone"))
        // Nor by its suites, which run in sessions of their own.
        let suite = other.sibling(settings: other.settings)
        for session in [other, suite] {
            #expect(try await connect(session, server).failure?.failureClass == .auth)
        }
        #expect(server.requests.count { $0.target == "/token" } == 0)
        await local.close()
        await other.close()
        await suite.close()
    }
}

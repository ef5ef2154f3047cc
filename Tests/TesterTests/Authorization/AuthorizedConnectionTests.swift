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
        guard request.text.contains("\"initialize\"") else {
            return try await connection.answer(request.method == "POST" ? 202 : 405)
        }
        let id = try JSONValue(parsing: request.body)["id"]?.description ?? "null"
        let result =
            #"{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"guarded","version":"1"}}"#
        try await connection.answer(200, body: #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#)
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
        #expect(try await connect(other, server).failure?.failureClass == .auth)
        #expect(server.requests.count { $0.target == "/token" } == 0)
        await local.close()
        await other.close()
    }
}

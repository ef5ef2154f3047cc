import AsyncRuntime
import DemoServer
import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import Platform
import Synchronization
import TestSupport
import Tester

@testable import MCPAuthServer

/// The demo server over HTTP, which demands authorization.
struct Protected: Sendable {
    let url: String
    /// Its own issuer; nil if it trusts another one.
    let issuer: DemoIssuer?

    /// The time of issuers and servers.
    static let now: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Serves while the body runs.
    static func run(
        _ faults: Set<AuthFault> = [],
        consent: DemoIssuer.Consent = .automatic,
        _ body: (Protected) async throws -> Void
    ) async throws {
        let issuers = Mutex<[DemoIssuer]>([])
        let change = { (options: inout HTTPServerOptions) in
            options.authorizationFaults = faults.ofServer
            options.makeSite = { url in
                do {
                    let made = try DemoIssuer.site(
                        at: url,
                        consent: consent,
                        faults: faults,
                        http: http,
                        clock: SystemScheduler.shared,
                        now: now
                    )
                    issuers.withLock { $0.append(made.issuer) }
                    return made.site
                } catch {
                    preconditionFailure("\(error)")
                }
            }
        }
        try await serve(change) { url in
            try await body(Protected(url: url, issuer: issuers.withLock { $0.first }))
        }
    }

    /// Serves while the body runs, and trusts an issuer whose metadata names its keys; every request needs the scope `use`.
    static func trusting(
        _ issuer: String,
        faults: Set<AuthFault> = [],
        _ body: (_ url: String) async throws -> Void
    ) async throws {
        let change = { (options: inout HTTPServerOptions) in
            options.authorizationFaults = faults.ofServer
            options.makeSite = { url in
                do {
                    let resource = try ProtectedResource(
                        issuer: issuer,
                        requiredScopes: ScopeSet(["use"]),
                        faults: faults
                    )
                    return try resource.site(at: url, http: http, clock: SystemScheduler.shared, now: now)
                } catch {
                    preconditionFailure("\(error)")
                }
            }
        }
        try await serve(change, body)
    }

    /// Serves with a site of the test's own while the body runs.
    static func serve(
        _ change: (inout HTTPServerOptions) -> Void,
        _ body: (_ url: String) async throws -> Void
    ) async throws {
        var options = HTTPServerOptions(port: 0)
        change(&options)
        let (urls, continuation) = AsyncStream<String>.makeStream()
        let clock = SystemScheduler.shared
        let transport = HTTPServerTransport(options, scheduler: clock) { continuation.yield($0.url) }
        let demo = DemoServer(scheduler: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await transport.serve(try demo.conversations())
            }
            for await url in urls {
                try await body(url)
                group.cancelAll()
                break
            }
            try await group.waitForAll()
        }
    }

    /// Sends requests to loopback.
    static var http: AuthHTTP {
        { request async throws(AuthHTTPFailure) in
            let endpoint = HTTPEndpoint(url: request.url.requestText)
            let network = NetworkHTTP(
                like: endpoint,
                AuthorizationSettings(server: request.url),
                clock: SystemScheduler.shared
            )
            return try await network.send(request)
        }
    }

    // MARK: - Requests

    static let initialize =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"#
        + #""clientInfo":{"name":"test","version":"1"}}}"#
    static let ping = #"{"jsonrpc":"2.0","id":2,"method":"ping"}"#

    /// Sends a message to a server.
    static func post(
        _ url: String,
        token: String? = nil,
        session: String? = nil,
        _ body: String = initialize
    ) async throws -> PlainRequest.Response {
        var fields = [("Accept", "application/json, text/event-stream"), ("Content-Type", "application/json")]
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        if let session { fields += [("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-11-25")] }
        return try await PlainRequest(to: HTTPEndpoint(url: url)).send(
            "POST",
            fields: fields,
            body: Array(body.utf8),
            within: .seconds(60),
            on: SystemScheduler.shared
        )
    }

    static func get(_ url: String, fields: [(String, String)] = []) async throws -> PlainRequest.Response {
        try await PlainRequest(to: HTTPEndpoint(url: url)).send(
            "GET",
            fields: fields,
            body: nil,
            within: .seconds(60),
            on: SystemScheduler.shared
        )
    }

    /// A flow for the server.
    func flow(_ client: OAuthClient? = nil, scopes: ScopeSet? = nil) throws -> AuthorizationFlow {
        let settings = AuthorizationSettings(server: try HTTPURL(url), client: client, scopes: scopes)
        return AuthorizationFlow(settings, http: Self.http, clock: SystemScheduler.shared, now: Self.now)
    }
}

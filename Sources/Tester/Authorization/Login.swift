public import AsyncRuntime
import JSON
public import MCPAuth
import MCPHTTP
import MCPHTTPClient
import MCPTransport

/// Logs in at the authorization server of a server, and manages what is stored.
public struct Login: Sendable {
    private let target: Target
    private let authorization: TargetAuthorization
    private let clock: any Scheduler

    /// How the user agrees.
    public enum Method: Sendable {
        /// In a browser that comes back to this machine.
        case browser(CodeInteraction)
        /// On any device.
        case device(@Sendable (DevicePrompt) async -> Void)
        /// Not at all: no one has to, or they agreed earlier.
        case unattended(AuthorizationGrant)
    }

    /// Prepares a login.
    public init(to target: Target, _ authorization: TargetAuthorization, clock: any Scheduler) {
        self.target = target
        self.authorization = authorization
        self.clock = clock
    }

    /// Asks the server what it demands, gets tokens, and stores them.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the target is not a URL.
    public func run(by method: Method) async throws(Failure) -> Report {
        guard let endpoint = target.endpoint else {
            throw .usage("Only a server with a URL has a login.", nextStep: "Give its http:// or https:// URL.")
        }
        let flow = try authorization.flow(for: endpoint, on: clock)
        do throws(AuthFailure) {
            // Otherwise the user would agree, and the tokens would be lost.
            try await authorization.store.check(isForSaving: true)
        } catch {
            return Report(Failure(error, "The login at \(target.name) did not begin", flow.trace))
        }
        let challenges = await challenges(of: endpoint)
        let grant: AuthorizationGrant =
            switch method {
            case .browser(let interaction): .code(interaction)
            case .device(let show): .device(show)
            case .unattended(let grant): grant
            }
        do throws(AuthFailure) {
            let authorized = try await flow.authorize(by: grant, after: challenges)
            try await authorization.store.save(authorized)
            let lifetime = authorized.tokens.expiresAt.map { "for \($0 - flow.now()) s" } ?? "without a known end"
            var report = Report(
                .pass,
                "authorized for \(authorized.resource) by \(authorized.issuer) as \(authorized.client.id), \(lifetime)"
            )
            report.add("authorization", .object(authorized.shown))
            report.add("steps", .value(.array(flow.trace.steps.map(Self.passed))), detail: .full)
            return report
        } catch {
            return Report(Failure(error, "The login at \(target.name) failed", flow.trace))
        }
    }

    /// A step of a login that succeeded: a fault did not stop it, but can stop clients that do not go on as this one does.
    private static func passed(_ step: AuthStep) -> JSONValue {
        var step = step
        if step.verdict == .fault { step.verdict = .warning }
        return .object(step.json)
    }

    /// The challenges of the server for a request without a token; `nil` if it demands nothing.
    private func challenges(of endpoint: HTTPEndpoint) async -> Challenges? {
        do {
            let response = try await PlainRequest(to: endpoint).send(
                "POST",
                fields: [
                    ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
                ],
                body: Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8),
                within: AuthLimits().exchange,
                on: clock
            )
            guard response.status == 401 else { return nil }
            let values = response.fields.filter { $0.name.lowercased() == "www-authenticate" }.map(\.value)
            return Challenges(parsing: values)
        } catch {
            // Discovery reports a server that cannot be reached.
            return nil
        }
    }
}

/// Lists, shows and removes what is stored.
public struct StoredAuthorizations: Sendable {
    private let store: any TokenStore

    /// Creates the operations on a store.
    public init(_ store: any TokenStore) {
        self.store = store
    }

    /// Lists all authorizations.
    public func list() async -> Report {
        await report { stored in
            var report = Report(.pass, "\(stored.count) stored authorization\(stored.count == 1 ? "" : "s")")
            report.add("authorizations", .array(stored.map { .object($0.shown) }))
            return report
        }
    }

    /// Shows the authorizations for a server: claims and expiry, never a token.
    public func show(_ target: Target) async throws(Failure) -> Report {
        let server = try Self.identifier(target)
        return await report { all in
            let stored = all.filter { $0.server == server }
            guard !stored.isEmpty else {
                return Report(
                    Failure(
                        .usage,
                        .invalidArguments,
                        "Nothing is stored for \(target.name).",
                        nextStep: "List what is stored: mcp-test-mcp auth list."
                    )
                )
            }
            var report = Report(.pass, "\(stored.count) stored for \(target.name)")
            report.add(
                "authorizations",
                .array(
                    stored.map { authorization in
                        var object = authorization.shown
                        let claims = TokenClaims(authorization.tokens.accessToken)
                        object["claims"] = claims.map { .object($0.claims) } ?? nil
                        object["token_type"] = claims == nil ? "opaque" : "jwt"
                        return .object(object)
                    }
                )
            )
            return report
        }
    }

    /// Removes the authorizations for a server.
    public func remove(_ target: Target) async throws(Failure) -> Report {
        let server = try Self.identifier(target)
        do throws(AuthFailure) {
            try await store.check(isForSaving: false)
            let stored = try await store.authorizations(for: server)
            for authorization in stored { try await store.remove(authorization.key) }
            guard !stored.isEmpty else { return Report(.pass, "nothing was stored for \(target.name)") }
            var report = Report(.pass, "removed \(stored.count) for \(target.name)")
            report.nextStep =
                "The authorization server still accepts the tokens until they expire or are revoked there."
            return report
        } catch {
            return Report(Failure(error, "The store could not be changed", AuthTrace()))
        }
    }

    private func report(_ make: ([Authorization]) -> Report) async -> Report {
        do throws(AuthFailure) {
            try await store.check(isForSaving: false)
            return make(try await store.authorizations())
        } catch {
            return Report(Failure(error, "The store could not be read", AuthTrace()))
        }
    }

    private static func identifier(_ target: Target) throws(Failure) -> ResourceIdentifier {
        guard let endpoint = target.endpoint else {
            throw .usage("Only a server with a URL has tokens.", nextStep: "Give its http:// or https:// URL.")
        }
        return ResourceIdentifier(server: try HTTPURL(target: endpoint.url))
    }
}

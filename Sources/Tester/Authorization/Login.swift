public import AsyncRuntime
import JSON
public import MCPAuth
import MCPHTTP
import MCPHTTPClient

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
        let demand = try await demand(of: endpoint)
        let grant: AuthorizationGrant =
            switch method {
            case .browser(let interaction): .code(interaction)
            case .device(let show): .device(show)
            case .unattended(let grant): grant
            }
        do throws(AuthFailure) {
            let discovery = try await flow.discover(demand.challenges)
            // Without metadata, the endpoints of the authorization server are guessed: only a 401 is a reason to try them.
            if discovery.server.isDefault, let report = withoutLogin(demand, flow) { return report }
            let authorized = try await flow.authorize(by: grant, discovery)
            try await authorization.store.save(authorized)
            try await removeReplaced(by: authorized)
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

    /// Removes what earlier logins stored: each registers a client of its own, and the newest authorization is used.
    private func removeReplaced(by authorized: Authorization) async throws(AuthFailure) {
        let store = authorization.store
        for former in try await store.authorizations(for: authorized.server) {
            let isSamePlace = former.issuer == authorized.issuer && former.resource == authorized.resource
            guard isSamePlace, former.key != authorized.key, former.client.source == .registered else { continue }
            try await store.remove(former.key)
        }
    }

    /// A step of a login that succeeded: a fault did not stop it, but can stop clients that do not go on as this one does.
    private static func passed(_ step: AuthStep) -> JSONValue {
        var step = step
        if step.verdict == .fault { step.verdict = .warning }
        return .object(step.json)
    }

    // MARK: - What the server demands

    /// How the server responds to a request without a token.
    private enum Demand {
        case token(Challenges)
        /// It serves the request.
        case nothing
        /// It responds with another status.
        case unclear(Int)
        /// It does not respond, which discovery reports.
        case unknown

        /// The challenges of a 401; `nil` if there was none.
        var challenges: Challenges? {
            guard case .token(let challenges) = self else { return nil }
            return challenges
        }
    }

    /// Begins a conversation without a token, in either era.
    private func demand(of endpoint: HTTPEndpoint) async throws(Failure) -> Demand {
        let probe = try AuditProbe(endpoint, clock)
        var demand = Demand.unknown
        do throws(AuditFault) {
            for opening in [AuditProbe.Opening.initialize, .discover] {
                let response = try await probe.open(opening, token: nil)
                if response.status == 401 { return .token(response.challenges) }
                if response.isAccepted { return .nothing }
                if case .unknown = demand { demand = .unclear(response.status) }
            }
        } catch {
            return demand
        }
        return demand
    }

    /// The report on a server at which there is nothing to log in to; `nil` if there may be.
    private func withoutLogin(_ demand: Demand, _ flow: AuthorizationFlow) -> Report? {
        switch demand {
        case .nothing:
            return Report(.pass, "\(target.name) demands no authorization: no login is needed, and nothing was stored")
        case .unclear(let status) where status == 404 || status == 405:
            let reason =
                "it responds to a request without a token with status \(status), and nothing names an authorization server"
            let advice = "Check the path of the URL: mcp-test-mcp auth doctor \(flow.settings.server)."
            let failure = AuthFailure(.noResourceMetadata, reason, advice: advice)
            return Report(Failure(failure, "There is nothing to log in to at \(target.name)", flow.trace))
        case .token, .unclear, .unknown: return nil
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

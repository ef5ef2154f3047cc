import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPAuth
public import MCPClient
import MCPHTTP
import MCPTransport
import TextUtilities

extension TesterSession {
    /// The parameters of a connection.
    public struct ConnectRequest: Sendable {
        /// The server under test.
        public var target: Target
        /// The name of the connection.
        public var name: String
        /// The era (default: that of the settings).
        public var era: EraChoice?
        /// The limits (default: those of the settings).
        public var limits: ConnectionLimits?
        /// What to do when the target requests input.
        public var policy: InputPolicy
        /// How a token is got if the target has no credentials (default: as the settings say).
        public var authorization: TargetAuthorization?
        /// Whether the token of the target came from there, so that a restart gets one again.
        var isAuthorized = false

        /// Creates a request.
        public init(
            target: Target,
            name: String = TesterSession.defaultName,
            era: EraChoice? = nil,
            limits: ConnectionLimits? = nil,
            policy: InputPolicy = InputPolicy()
        ) {
            self.target = target
            self.name = name
            self.era = era
            self.limits = limits
            self.policy = policy
        }
    }

    /// Connects to a target and makes it the current connection; lists nothing.
    ///
    /// A connection with the same name is replaced: it stays open until the new one is made, and if that fails. A
    /// policy that needs a model is refused first if none is configured.
    ///
    /// - Parameter login: What to do if the target demands a login (default: the connection fails). If the user has to agree
    ///   first, the report is a failure with ``Report/consent``.
    public func connect(_ request: ConnectRequest, login: LoginStep? = nil) async -> Report {
        await open(request, login: login)
    }

    /// The name of a connection whose user gave none.
    public static let defaultName = "default"

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - former: The connection that it continues in a restart: name, id and statistics stay.
    ///   - home: The registry of that connection.
    ///   - change: What caused the restart, unless the user did.
    ///   - login: What to do if the target demands a login.
    func open(
        _ request: ConnectRequest,
        inPlaceOf former: Connection? = nil,
        in home: ConnectionRegistry? = nil,
        because change: AutomaticRestart? = nil,
        login: LoginStep? = nil
    ) async -> Report {
        let began = clock.now
        let home = home ?? registry
        let model: Model?
        do throws(Failure) {
            model = try settings.model.model(for: request.policy)
        } catch {
            var report = Report(error, emptyPayload: ("connection", nil))
            report.add("metadata", ["request_time_ms": 0, "attempted_url": .string(request.target.name)])
            return report
        }
        guard home.reserve(request.name, upTo: settings.maxConnections) else {
            return failed(tooMany, request, began: began)
        }
        defer { home.release() }
        var request = request
        if request.isAuthorized { request.target.removeAuthorization() }
        let usesDefaultToken = request.authorization == nil && authorize(&request.target)
        var provider: TokenProvider?
        do throws(Failure) {
            try await continueLogin(login, for: request)
            provider = try await tokenProvider(for: request)
        } catch {
            return failed(error, request, began: began)
        }
        noteSecrets(of: request.target)
        let limits = request.limits ?? settings.limits
        request.target.raiseConnectLimit(to: limits.connect)
        let inbox = Inbox(request.policy, model: model, timeout: settings.inputTimeout, clock: clock)
        var options = ClientOptions(
            era: request.era ?? settings.era,
            info: settings.info,
            input: inbox.handlers,
            limits: limits
        )
        options.onEvent = { inbox.record($0) }
        if let onEvent = settings.onEvent {
            options.onEvent = { event in
                inbox.record(event)
                onEvent(event)
            }
        }
        // Before the process starts: a change while it starts counts.
        let file = request.target.process.flatMap(TargetFile.init)
        let restart = former.map { Restart(former: $0, cause: change) }
        do throws(OpeningFailure) {
            let client = try await openClient(for: &request.target, options, &provider, login: login)
            request.isAuthorized = provider != nil && request.target.authType != nil
            let place = Place(home: home, restart: restart, file: file)
            let (connection, replaced) = add(client, inbox, request, place, began: began)
            settings.metrics?.opened(connection)
            if restart == nil { setWatch(nil, for: connection.name) }
            if let replaced { await close(replaced, because: "it was replaced by a new connection") }
            let source = usesDefaultToken ? "MCP_TEST_AUTH_TOKEN" : request.isAuthorized ? "authorization" : nil
            return report(connection, began: began, authSource: source)
        } catch {
            settings.metrics?.failed(toConnectTo: request.target, in: request.era ?? settings.era)
            var failure = diagnosis(of: error, request, provider)
            if settings.looksAtUsualPlaces, failure.details["http_status"] == 404 {
                await UsualPlaces(of: request.target)?.add(to: &failure, on: clock)
            }
            var report = failed(failure, request, began: began)
            report.consent = error.consent(to: request.target)
            return report
        }
    }

    /// Learns the secrets before the target can repeat them.
    private func noteSecrets(of target: Target) {
        if registry.all.isEmpty {
            secrets.add(Secret.inherited)
            if let key = settings.model.key { secrets.add([Secret(key, .key)]) }
            if let token = settings.defaultToken { secrets.add([Secret(token, .token)]) }
        }
        secrets.add(target.secrets)
    }

    /// Sets the default token for a target without credentials.
    ///
    /// - Returns: Whether it did.
    private func authorize(_ target: inout Target) -> Bool {
        guard let token = settings.defaultToken, target.endpoint != nil, target.authType == nil else { return false }
        target.authorize(bearer: token)
        return true
    }

    private func diagnosis(
        of error: OpeningFailure,
        _ request: ConnectRequest,
        _ provider: TokenProvider?
    ) -> Failure {
        let cause = error.connection.map {
            Diagnosis.of($0, target: request.target, era: request.era ?? settings.era)
        }
        if let url = error.consentURL {
            return Failure(
                .auth,
                .connectionFailed,
                "\(request.target.name) requires authorization, and the user has not agreed yet.",
                nextStep: "Let the user open the following URL and agree, and then call connect_to_server again: "
                    + url.requestText,
                details: ["authorization": ["kind": "consent_required"]]
            )
        }
        guard let authorization = error.authorization, let provider else {
            return cause ?? Failure(.auth, .connectionFailed, "No connection was made.", nextStep: "Connect again.")
        }
        let intention =
            cause == nil
            ? "No token for \(request.target.name) could be prepared" : "\(request.target.name) requires authorization"
        var failure = Failure(authorization, intention, provider.flow.trace)
        failure.nextStep = "\(failure.nextStep.asSentence) \(HTTPAdvice.findCause(at: provider.flow.settings.server))"
        for member in cause?.details.members ?? [] { failure.details[member.key] = member.value }
        for member in cause?.evidence.members ?? [] { failure.evidence[member.key] = member.value }
        return failure
    }

    /// Adds a connection.
    ///
    /// - Returns: The connection, and the one that it replaces.
    private func add(
        _ client: Client,
        _ inbox: Inbox,
        _ request: ConnectRequest,
        _ place: Place,
        began: ContinuousClock.Instant
    ) -> (Connection, replaced: Connection?) {
        let id = place.restart?.former.id ?? randomIdentifier()
        let watch = idleLimit.map { limit in
            IdleWatch(limit: limit, clock: clock) { [weak self] in self?.endIdle(id) }
        }
        let connection = Connection(
            id: id,
            request: request,
            client: client,
            inbox: inbox,
            executor: settings.executor,
            clock: clock,
            began: began,
            idleWatch: watch,
            targetFile: place.file,
            heritage: place.restart?.heritage ?? Connection.Heritage()
        )
        let former = place.home.add(connection, isCurrent: place.restart == nil)
        directory.add(connection, of: principal, in: place.home)
        return (connection, former)
    }

    /// The members of the metadata that the first mcp-test-mcp had, and cautions.
    private static let connectMetadataInText: Set<String> = [
        "request_time_ms", "transport", "server_url", "headers_provided", "auth_type", "auth_source", "caution",
    ]

    /// Where a new connection belongs.
    private struct Place {
        var home: ConnectionRegistry
        var restart: Restart?
        var file: TargetFile?
    }

    /// The restart that a new connection completes.
    private struct Restart {
        var former: Connection
        var cause: AutomaticRestart?

        var heritage: Connection.Heritage {
            Connection.Heritage(
                statistics: former.statistics,
                lastFailure: former.lastFailure,
                restarts: former.heritage.restarts + 1,
                automatic: cause
            )
        }
    }

    private var tooMany: Failure {
        Failure(
            .usage,
            .connectionFailed,
            "The session has \(settings.maxConnections) connections, which is the maximum.",
            nextStep: "Disconnect one, or connect under a name in use to replace it. --max-targets sets the maximum."
        )
    }

    private func failed(_ failure: Failure, _ request: ConnectRequest, began: ContinuousClock.Instant) -> Report {
        let target = request.target
        let caution = target.caution.map { ", \($0)" } ?? ""
        var failure = failure
        if let former = registry.find(request.name), former.client.link.end == nil {
            failure.message =
                failure.message.asSentence
                + " The connection \"\(former.name)\" to \(former.target.name) is still open."
            failure.details["open_connection"] = .string(former.name)
        }
        var report = Report(
            failure,
            emptyPayload: ("connection", nil),
            context: " (connecting to \(target.name)\(caution))"
        )
        report.add(
            "metadata",
            [
                "request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now))),
                "attempted_url": .string(target.name),
            ]
        )
        return report
    }

    private func report(
        _ connection: Connection,
        began: ContinuousClock.Instant,
        authSource: String?
    ) -> Report {
        let elapsed = Evidence.rounded(began.duration(to: clock.now))
        let client = connection.client
        let who = client.serverLabel ?? "an unnamed server"
        let revision = client.revision.wireName
        let transport = client.link.transport.kind.rawValue
        var report = Report(
            .pass,
            "connected to \(who) at \(revision) over \(transport) in \(elapsed) ms\(connection.context)"
        )
        report.connectionID = connection.id
        report.revision = client.revision
        report.findings = connection.takeFindings()
        report.findings += client.greetingProblems.map { Report.Finding(.handshake, $0.description) }
        report.add("connection", .value(.object(connection.json)), detail: .core, textKeys: Connection.keysInText)
        // Only a connection that other sessions can use is addressed by its ID.
        report.add(
            "connection_id",
            .value(.string(connection.id)),
            detail: connection.idleWatch == nil ? .full : .standard
        )
        report.add("message", .string("Successfully connected to \(connection.target.name)"))
        var metadata: JSONObject = [
            "request_time_ms": JSONValue(elapsed),
            "transport": .string(client.link.transport.kind.rawValue),
            "server_url": .string(connection.target.name),
            "headers_provided": .bool(connection.target.headersProvided),
            "auth_type": connection.target.authType.map(JSONValue.string) ?? nil,
            "idle_timeout_seconds": connection.json["idle_timeout_seconds"] ?? nil,
            "handshake": .array(client.verdict.steps.map { .object($0.json) }),
        ]
        if let authSource { metadata["auth_source"] = .string(authSource) }
        if let caution = connection.target.caution { metadata["caution"] = .string(caution) }
        report.add("metadata", .value(.object(metadata)), textKeys: Self.connectMetadataInText)
        // Name, capabilities and instructions as the server sent them.
        report.add(
            "target_greeting",
            .object((client.greeting.members ?? []).map { .init(key: $0.key, value: .payload($0.text)) }),
            detail: client.instructions == nil ? .full : .standard,
            textKeys: ["instructions"]
        )
        return report
    }
}

extension Client {
    /// The name and version that the server gives; `nil` if it gives neither.
    var serverLabel: String? {
        let words = [serverInfo?.name, serverInfo?.version].compactMap(\.self).filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}

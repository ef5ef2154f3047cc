import AsyncRuntime
import JSON
import JSONRPC
import MCP
public import MCPClient
import MCPTransport
import TextUtilities

extension TesterSession {
    /// What to connect to, and how.
    public struct ConnectRequest: Sendable {
        /// The server under test.
        public var target: Target
        /// The name of the connection.
        public var name: String
        /// Which era to speak; the session's choice if nothing is said.
        public var era: EraChoice?
        /// How long to wait for what; the session's limits if nothing is said.
        public var limits: ConnectionLimits?
        /// How the questions of the target are met.
        public var policy: InputPolicy

        /// Creates a request.
        public init(
            target: Target,
            name: String = "default",
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
    /// A connection of the same name is ended first, so that connecting again restarts a server. A policy that needs a
    /// model where none is configured is refused before anything else happens.
    public func connect(_ request: ConnectRequest) async -> Report {
        let began = clock.now
        let model: Model?
        do throws(Failure) {
            model = try settings.model.model(for: request.policy)
        } catch {
            var report = Report(error, emptyPayload: ("connection", nil))
            report.add("metadata", ["request_time_ms": 0, "attempted_url": .string(request.target.name)])
            return report
        }
        if let former = registry.find(request.name) {
            await end(former, in: registry, because: "another connection was made under its name")
        }
        guard registry.reserve(upTo: settings.maxConnections) else { return tooMany(request.target, began: began) }
        defer { registry.release() }
        var request = request
        let usesDefaultToken = authorize(&request.target)
        let limits = request.limits ?? settings.limits
        request.target.allow(limits.connect)
        let inbox = Inbox(request.policy, model: model, life: settings.inputTimeout, clock: clock)
        var options = ClientOptions(
            era: request.era ?? settings.era,
            info: settings.info,
            input: inbox.handlers,
            limits: limits
        )
        options.onEvent = { inbox.note($0) }
        do throws(ConnectFailure) {
            let (makeTransport, target) = (settings.makeTransport, request.target)
            let client = try await Client.connect(options: options, scheduler: clock) { makeTransport(target) }
            let connection = add(client, inbox, request)
            return report(connection, began: began, usesDefaultToken: usesDefaultToken)
        } catch {
            let era = request.era ?? settings.era
            return failed(Diagnosis.of(error, target: request.target, era: era), request.target, began: began)
        }
    }

    /// Gives a target without credentials the default token.
    ///
    /// - Returns: Whether it did.
    private func authorize(_ target: inout Target) -> Bool {
        guard let token = settings.defaultToken, target.endpoint != nil, target.authType == nil else { return false }
        target.authorize(bearer: token)
        return true
    }

    private func add(_ client: Client, _ inbox: Inbox, _ request: ConnectRequest) -> Connection {
        let id = randomIdentifier()
        let watch = idleLimit.map { limit in
            IdleWatch(limit: limit, clock: clock) { [weak self] in self?.endIdle(id) }
        }
        let connection = Connection(
            id: id,
            name: request.name,
            target: request.target,
            client: client,
            inbox: inbox,
            executor: settings.executor,
            clock: clock,
            idleWatch: watch
        )
        registry.add(connection)
        directory.add(connection, of: principal, in: registry)
        return connection
    }

    private func tooMany(_ target: Target, began: ContinuousClock.Instant) -> Report {
        let failure = Failure(
            .usage,
            .connectionFailed,
            "There are \(settings.maxConnections) connections already, which is as many as a session can have.",
            nextStep:
                "Disconnect what is not needed any more, or connect under a name that is in use; the limit is that of "
                + "--max-targets."
        )
        return failed(failure, target, began: began)
    }

    private func failed(_ failure: Failure, _ target: Target, began: ContinuousClock.Instant) -> Report {
        let caution = target.caution.map { ", \($0)" } ?? ""
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
        usesDefaultToken: Bool
    ) -> Report {
        let elapsed = Evidence.rounded(began.duration(to: clock.now))
        let client = connection.client
        let who = client.serverLabel ?? "a server that does not give its name"
        var report = Report(.pass, "connected to \(who) in \(elapsed) ms (\(connection.label))")
        report.findings = connection.newFindings()
        report.findings += client.greetingProblems.map { Report.Finding(.handshake, $0.description) }
        report.add("connection", .value(.object(connection.json)))
        report.add("connection_id", .string(connection.id))
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
        if usesDefaultToken { metadata["auth_source"] = "MCP_TEST_AUTH_TOKEN" }
        if let caution = connection.target.caution { metadata["caution"] = .string(caution) }
        report.add("metadata", .object(metadata))
        // The server's own words: name, capabilities and instructions exactly as it gave them.
        report.add("target_greeting", .payload(client.greeting))
        return report
    }
}

extension Client {
    /// The server by its own name and version, as far as it gives them.
    var serverLabel: String? {
        let words = [serverInfo?.name, serverInfo?.version].compactMap(\.self).filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}

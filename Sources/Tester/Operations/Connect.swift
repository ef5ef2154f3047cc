import JSON
import JSONRPC
public import MCPClient

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

        /// Creates a request.
        public init(
            target: Target,
            name: String = "default",
            era: EraChoice? = nil,
            limits: ConnectionLimits? = nil
        ) {
            self.target = target
            self.name = name
            self.era = era
            self.limits = limits
        }
    }

    /// Connects to a target and makes it the current connection; lists nothing.
    ///
    /// A connection of the same name is ended first, so that connecting again restarts a server.
    public func connect(_ request: ConnectRequest) async -> Answer {
        let began = clock.now
        if let former = registry.remove(request.name) { await former.client.close() }
        let limits = request.limits ?? settings.limits
        let options = ClientOptions(era: request.era ?? settings.era, info: settings.info, limits: limits)
        do throws(ConnectFailure) {
            let makeTransport = settings.makeTransport
            let client = try await Client.connect(options: options, scheduler: clock) { makeTransport(request.target) }
            let connection = Connection(name: request.name, target: request.target, client: client, clock: clock)
            registry.add(connection)
            return answer(connection, began: began)
        } catch {
            var answer = Answer(
                Diagnosis.of(error, target: request.target),
                emptyPayload: ("connection", nil),
                context: " (connecting to \(request.target.name))"
            )
            answer.add(
                "metadata",
                [
                    "request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now))),
                    "attempted_url": .string(request.target.name),
                ]
            )
            return answer
        }
    }

    private func answer(_ connection: Connection, began: ContinuousClock.Instant) -> Answer {
        let elapsed = Evidence.rounded(began.duration(to: clock.now))
        let client = connection.client
        let server = [client.serverInfo?.name, client.serverInfo?.version].compactMap(\.self).joined(separator: " ")
        let who = server.isEmpty ? "a server that does not give its name" : server
        var answer = Answer(.pass, "connected to \(who) in \(elapsed) ms (\(connection.label))")
        answer.findings = connection.newFindings()
        answer.findings += client.greetingProblems.map { Answer.Finding(.handshake, $0.description) }
        answer.countFindings()
        answer.add("connection", .value(.object(connection.json)))
        answer.add("message", .string("Successfully connected to \(connection.target.name)"))
        answer.add(
            "metadata",
            [
                "request_time_ms": JSONValue(elapsed),
                "transport": .string(client.link.transport.kind.rawValue),
                "server_url": .string(connection.target.name),
                "headers_provided": false,
                "auth_type": nil,
                "handshake": .array(client.verdict.steps.map { .object($0.json) }),
            ]
        )
        // The server's own words: name, capabilities and instructions exactly as it gave them.
        answer.add("target_greeting", .payload(client.greeting))
        return answer
    }
}

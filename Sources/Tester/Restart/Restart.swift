import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport

extension TesterSession {
    /// How to restart a server.
    public struct RestartRequest: Sendable {
        /// The name or the id of the connection (default: the current one).
        public var connection: String?
        /// What runs first; if it fails, the server goes on as before.
        public var build: BuildCommand?
        /// Whether the last call that failed is repeated.
        public var repeatsLastFailure = false
        /// The patterns of files whose changes restart the server from now on; `nil` leaves this as it is, and an empty
        /// list turns it off.
        public var watch: [String]?
        /// Receives what the target reports during a repeated call.
        public var relay: (any CallRelay)?

        /// Creates a request.
        public init(_ connection: String? = nil) {
            self.connection = connection
        }
    }

    /// Starts the server of a connection again as it was started before, or connects to its URL again, and reports how
    /// what it offers has changed.
    ///
    /// The connection keeps its name, its id and its statistics. If the server does not start again, the connection
    /// stays, so that the restart can be repeated.
    public func restart(_ request: RestartRequest) async -> Report {
        await restart(request, because: nil)
    }

    /// Whether a connection with this name is known, so that it can be restarted.
    public func knowsConnection(_ name: String) -> Bool { locate(name) != nil }

    func restart(_ request: RestartRequest, because change: AutomaticRestart?) async -> Report {
        let began = clock.now
        guard let place = locate(request.connection) else {
            var report = Report(notConnected(request.connection), emptyPayload: ("connection", nil))
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
        let former = place.connection
        let isProcess = former.target.process != nil
        var build: BuildCommand.Outcome?
        if let command = request.build {
            let outcome = await run(command, for: former.target)
            guard outcome.isSuccess else { return failed(command, outcome, former, began: began) }
            build = outcome
        }
        // Over HTTP the server may be a new one already, so only what was listed before counts.
        let before = await snapshot(of: former, mayAsk: isProcess)
        if isProcess { await stop(former) }
        var report = await open(former.request, inPlaceOf: former, in: place.home, because: change)
        guard report.failure == nil, let present = locate(former.id)?.connection else {
            if isProcess {
                former.noteFailedRestart("for a restart, and did not start again: \(report.failure?.message ?? "")")
                report.failure?.message += " The server that ran before was stopped; restart_server tries again."
            }
            return report
        }
        report.members.removeAll { ["message", "connection_id", "target_greeting"].contains($0.key) }
        let difference = SurfaceDifference(from: before, to: await snapshot(of: present, mayAsk: true))
        let elapsed = Evidence.rounded(began.duration(to: clock.now))
        let verb = isProcess ? "restarted" : "connected again to"
        report.setRequestTime(elapsed)
        report.summary = "\(verb) \"\(present.name)\" in \(elapsed) ms: \(difference.summary)"
        report.insert("difference", difference.part)
        if let build, let command = request.build { report.insert("build", build.part(of: command)) }
        if !former.subscriptions.isEmpty {
            report.insert("subscriptions_ended", .value(JSONValue(former.subscriptions.count)))
        }
        if let patterns = request.watch { report.insert("watch", .value(watch(patterns, for: present))) }
        if request.repeatsLastFailure { await repeatLastFailure(of: present, request, in: &report) }
        return report
    }

    /// Ends the server of a connection, which stays registered.
    private func stop(_ connection: Connection) async {
        await connection.client.close()
        for call in connection.inbox.calls {
            call.cancelInput()
            await call.ended()
        }
    }

    private func repeatLastFailure(of connection: Connection, _ request: RestartRequest, in report: inout Report) async
    {
        guard let call = connection.lastFailure else {
            report.findings.append(.init(.usage, "No call has failed on this connection, so none was repeated."))
            return
        }
        let options = CallOptions(on: connection.id, limits: nil, relay: request.relay)
        report.add(await self.repeat(call, with: options), of: call)
    }

    // MARK: - The build

    private func run(_ command: BuildCommand, for target: Target) async -> BuildCommand.Outcome {
        await command.run(
            in: target.process?.workingDirectory,
            environment: target.process?.environment ?? [:],
            on: clock
        )
    }

    private func failed(
        _ command: BuildCommand,
        _ outcome: BuildCommand.Outcome,
        _ connection: Connection,
        began: ContinuousClock.Instant
    ) -> Report {
        let state = connection.client.link.end == nil ? "still runs as before" : "was not started"
        let failure = Failure(
            .usage,
            .executionError,
            "The build failed: `\(command.words.joined(separator: " "))` \(outcome.ending). The server \(state).",
            nextStep: "Read the output in build.output, correct the code, and restart again."
        )
        var report = Report(failure, emptyPayload: ("connection", nil))
        report.add("build", outcome.part(of: command))
        report.add("metadata", ["request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now)))])
        return report
    }
}

extension BuildCommand.Outcome {
    fileprivate func part(of command: BuildCommand) -> Report.Part {
        var members: [Report.Member] = [
            .init(key: "command", value: .value(.array(command.words.map(JSONValue.string)))),
            .init(key: "ended", value: .value(.string(ending))),
            .init(key: "duration_ms", value: .value(JSONValue(Evidence.rounded(duration)))),
        ]
        if !isSuccess {
            members.append(.init(key: "output", value: .list(lines.map { .payload(JSONText(.string($0))) })))
            if omittedLines > 0 {
                members.append(.init(key: "output_lines_omitted", value: .value(JSONValue(omittedLines))))
            }
        }
        return .object(members)
    }
}

extension Report {
    /// Replaces the time of connecting by that of the whole restart.
    fileprivate mutating func setRequestTime(_ milliseconds: Double) {
        guard let index = members.firstIndex(where: { $0.key == "metadata" }),
            case .value(.object(var metadata)) = members[index].value
        else { return }
        metadata["request_time_ms"] = JSONValue(milliseconds)
        members[index].value = .value(.object(metadata))
    }

    /// Adds a member before the metadata.
    mutating func insert(_ key: String, _ part: Part) {
        let place = members.firstIndex { $0.key == "metadata" } ?? members.endIndex
        members.insert(Member(key: key, value: part), at: place)
    }
}

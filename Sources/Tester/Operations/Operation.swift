import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import MCPHTTPClient
import MCPTransport
import TextUtilities

/// One operation on a connection: when it began, and how its report is built.
struct Operation {
    let connection: Connection
    let began: ContinuousClock.Instant
    /// The number of events when the operation began.
    let mark: Int
    /// The call that it performs; nil for other operations.
    let call: PendingCall?

    init(_ connection: Connection, for call: PendingCall? = nil) {
        self.connection = connection
        self.call = call
        began = connection.clock.now
        mark = connection.client.link.observations.count
    }

    var client: Client { connection.client }

    /// The time since the operation began, without that for which the user was asked for input.
    var duration: Duration {
        let duration = began.duration(to: connection.clock.now)
        guard let call else { return duration }
        return duration - call.askedTime
    }

    /// ``duration`` in milliseconds.
    var elapsed: Double { Evidence.rounded(duration) }

    /// The failure of a request with its evidence.
    func failure(_ error: CallError, during request: String) -> Failure {
        if case .failed(.timeout) = error.cause {
            connection.noteTimeout(OpenRequest(label: request, ids: error.requests, sentAt: began))
        }
        return Diagnosis.of(error, during: request, of: connection.target, on: client.link, since: mark)
    }

    /// The report on an operation that succeeded.
    ///
    /// - Parameter isTimed: Whether the verdict has the time; it is not needed if the result has it.
    func report(_ summary: String, isTimed: Bool = true) -> Report {
        var summary = summary
        if isTimed { summary += " in \(Milliseconds(duration)) ms" }
        if !connection.context.isEmpty { summary += connection.context }
        var report = Report(.pass, summary)
        report.findings = connection.takeFindings()
        report.connectionID = connection.id
        report.revision = client.revision
        return report
    }

    /// The report on an operation that failed.
    func report(_ failure: Failure, emptyPayload: (key: String, value: JSONValue)) -> Report {
        let payload = Report.Member(key: emptyPayload.key, value: .value(emptyPayload.value), detail: .core)
        return report(failure, payload: [payload], metadata: metadata)
    }

    /// The report on an operation that failed in part.
    func report(_ failure: Failure, payload: [Report.Member], metadata: JSONObject) -> Report {
        connection.count { $0.errors += 1 }
        var report = Report(failure, context: connection.context)
        report.findings = connection.takeFindings()
        report.connectionID = connection.id
        report.revision = client.revision
        report.members = payload
        report.add("metadata", .object(metadata))
        return report
    }

    /// The report on an invalid result, which it shows.
    func report(
        _ failure: Failure,
        showing result: CallResult,
        emptyPayload: (key: String, value: JSONValue)
    ) -> Report {
        var failure = failure
        failure.targetSaid = [("target_result", result.result)]
        let exchange = FailedExchange(requests: result.requests, showsResponse: true, elapsed: result.elapsed)
        failure.evidence = Evidence.of(exchange, on: client.link, since: mark)
        return report(failure, emptyPayload: emptyPayload)
    }

    /// The metadata that every report has.
    var metadata: JSONObject {
        [
            "request_time_ms": JSONValue(elapsed),
            "server_url": .string(connection.target.name),
            "connection_name": .string(connection.name),
            "protocol_version": .string(client.revision.wireName),
            "transport": .string(client.link.transport.kind.rawValue),
        ]
    }

    /// The metadata of a call, with the number of its exchange, which `inspect_raw` and `compare` take.
    func metadata(of requests: [RequestID]) -> JSONObject {
        var metadata = metadataWithStatistics
        metadata["exchange"] = requests.last?.value
        return metadata
    }

    var metadataWithStatistics: JSONObject {
        var metadata = metadata
        metadata.append("connection_statistics", .object(connection.statistics.json))
        return metadata
    }

    /// The metadata of a call that succeeded; written at once, because every call has it.
    func callMetadata(of requests: [RequestID]) -> Report.Part {
        let text = JSONText(capacity: 320) { writer in
            writer.beginObject()
            writer.key("request_time_ms")
            writer.write(Milliseconds(duration))
            writer.key("server_url")
            writer.write(written: connection.targetName)
            writer.key("connection_statistics")
            connection.statistics.write(to: &writer)
            writer.endObject()
        }
        let whole = JSONText(capacity: text.bytes.count + connection.encodedFacts.bytes.count + 48) { writer in
            writer.beginObject()
            writer.write(membersOf: text)
            writer.write(membersOf: connection.encodedFacts)
            if let exchange = requests.last {
                writer.key("exchange")
                writer.write(exchange.value)
            }
            writer.endObject()
        }
        return .forms(text: text, structured: whole)
    }
}

// MARK: - What a report says besides the outcome

extension Operation {
    /// Whether there is nothing to add to a report, as usual.
    fileprivate func isComplete(_ report: Report, headers: [HTTPField]) -> Bool {
        report.findings.isEmpty && report.failure == nil && headers.isEmpty && connection.heritage.automatic == nil
            && !connection.inbox.hasUnreportedChanges && connection.targetFile?.hasChanged != true
    }

    /// Adds what was noticed beside the outcome.
    ///
    /// Not inlined, so that the operations that need none of it do not reserve room for it.
    @inline(never)
    fileprivate func complete(_ report: Report, of call: PendingCall?, headers: [HTTPField]) async -> Report {
        var report = report
        if !report.findings.isEmpty { failIfInvalidText(&report) }
        if report.failure != nil { await addProbe(to: &report, of: call) }
        if connection.inbox.hasUnreportedChanges { await addChanges(in: &report) }
        addRestart(to: &report)
        addChangedFile(to: &report)
        if !headers.isEmpty, connection.target.process != nil {
            report.findings.append(
                .init(.usage, "`headers` was ignored: a stdio server has no HTTP headers.", nextStep: "Omit `headers`.")
            )
        }
        return report
    }
}

extension TesterSession {
    /// Performs an operation on the named or the current connection; reports `not_connected` without one.
    ///
    /// - Parameters:
    ///   - name: The name or the id of a connection.
    ///   - headers: HTTP headers of the operation, which a stdio server ignores.
    ///   - needsServer: Whether it fails if the server has ended.
    ///   - emptyPayload: The payload of a failure.
    ///   - body: Sends the requests and builds the report.
    func perform(
        on name: String?,
        headers: [HTTPField] = [],
        needsServer: Bool = true,
        emptyPayload: (key: String, value: JSONValue),
        _ body: (Operation) async -> Report
    ) async -> Report {
        guard let connection = locate(name)?.connection else {
            var report = Report(notConnected(name), emptyPayload: emptyPayload)
            report.add("metadata", ["request_time_ms": 0])
            return report
        }
        if needsServer, let report = connection.reportIfEnded(emptyPayload: emptyPayload) { return report }
        return await perform(connection, headers: headers, body)
    }

    /// Performs an operation on a connection, which is not idle meanwhile.
    ///
    /// - Parameter call: The call that it belongs to.
    func perform(
        _ connection: Connection,
        headers: [HTTPField] = [],
        for call: PendingCall? = nil,
        _ body: (Operation) async -> Report
    ) async -> Report {
        connection.idleWatch?.beginUse()
        defer { connection.idleWatch?.endUse() }
        if !headers.isEmpty { secrets.add(headers.flatMap { URLSecrets.secrets(ofHeader: $0.name, $0.value) }) }
        let operation = Operation(connection, for: call)
        let report = await body(operation)
        return operation.isComplete(report, headers: headers)
            ? report : await operation.complete(report, of: call, headers: headers)
    }

    /// The connection with a name or an id; the current one without a name.
    func locate(_ name: String?) -> ConnectionDirectory.Entry? {
        if let connection = registry.find(name) {
            return ConnectionDirectory.Entry(connection: connection, home: registry)
        }
        return name.flatMap { directory.find($0, for: principal) }
    }

    /// The connection with a name or an id; the current one without a name.
    package func connection(named name: String?) -> Connection? { locate(name)?.connection }

    package func notConnected(_ name: String?) -> Failure {
        let names = registry.names
        var nextStep = "Call connect_to_server first, with the URL, script path or command of the server."
        let message =
            if let name, let reason = directory.end(of: name, for: principal) {
                "Connection \(name) was closed because \(reason)."
            } else if let name, !names.isEmpty {
                "Unknown connection \"\(name)\". Open connections: \(names.joined(separator: ", "))."
            } else if let name {
                "Unknown connection \"\(name)\"."
            } else if let end = registry.lastIdleEnd {
                "Not connected to any MCP server: \(end)."
            } else {
                "Not connected to any MCP server."
            }
        if let name, !names.isEmpty {
            let close = nearest(name, among: names) ?? (names.count == 1 ? names[0] : nil)
            nextStep =
                (close.map { "Give connection_name \"\($0)\", or omit it" } ?? "Give one of these names")
                + ", or connect first under the name \"\(name)\" with connect_to_server."
        }
        return Failure(
            .transport,
            .notConnected,
            message,
            nextStep: nextStep,
            details: ["connections": .array(names.map(JSONValue.string))]
        )
    }
}

extension [HTTPField] {
    /// The headers as a request takes them.
    var fields: [(name: String, value: String)] { map { ($0.name, $0.value) } }
}

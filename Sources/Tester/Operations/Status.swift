import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport

extension TesterSession {
    /// Reports the state of the named or the current connection, and lists the others.
    public func status(_ name: String? = nil) -> Report {
        let began = clock.now
        let connection = locate(name)?.connection
        let end = connection?.client.link.end
        let message =
            switch (connection, end) {
            case (let connection?, let end?): "Connection \"\(connection.name)\" has ended: \(end.reason)"
            case (let connection?, nil) where connection.silence != nil: silenceMessage(connection)
            case (let connection?, nil): "Connected to \(connection.target.name) as \"\(connection.name)\""
            case (nil, _): absence(name)
            }
        let silence = connection?.silence
        var report = Report(silence == nil ? .pass : .fail, message)
        report.add("connected", .bool(connection != nil && end == nil))
        report.add("connection", connection.map { .object($0.json) } ?? nil)
        report.add("message", .string(message))
        if silence != nil { report.add("responsive", false) }
        var metadata: JSONObject = ["request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now)))]
        metadata["connection_duration_seconds"] = connection.map { JSONValue(Evidence.rounded($0.age) / 1000) } ?? nil
        report.add("metadata", .object(metadata))
        report.add("connections", .array(registry.all.map { .object(line($0)) }))
        let waiting = pendingCalls.open(for: principal).filter { !$0.inputRequests.open.isEmpty }
        if !waiting.isEmpty {
            report.add(
                "waiting_calls",
                .array(waiting.map { ["call_id": .string($0.id), "call": .string($0.subject.description)] })
            )
        }
        if let subscriptions = connection?.subscriptions, !subscriptions.isEmpty {
            report.add("subscriptions", .array(subscriptions.map { .object($0.subscription.json(number: $0.number)) }))
        }
        if let connection { report.add("evidence", .object(evidence(of: connection))) }
        return report
    }

    private func silenceMessage(_ connection: Connection) -> String {
        guard let silence = connection.silence else { return "" }
        return "The server of \"\(connection.name)\" answers nothing since \(silence.label), "
            + "\(silence.since.duration(to: clock.now).seconds) ago; restart_server starts it again"
    }

    private func absence(_ name: String?) -> String {
        guard let name else { return registry.lastIdleEnd.map { "Not connected: \($0)" } ?? "Not connected" }
        let reason = directory.end(of: name, for: principal)
        return reason.map { "Connection \(name) was closed because \($0)" } ?? "Unknown connection \"\(name)\""
    }

    private func line(_ connection: Connection) -> JSONObject {
        [
            "name": .string(connection.name),
            "connection_id": .string(connection.id),
            "server_url": .string(connection.target.name),
            "current": .bool(connection.name == registry.currentName),
            "connected": .bool(connection.client.link.end == nil),
            "protocol_version": .string(connection.client.revision.wireName),
        ]
    }

    private func evidence(of connection: Connection) -> JSONObject {
        let link = connection.client.link
        var evidence: JSONObject = ["frames": JSONValue(link.transcript.count)]
        evidence["server"] = .object(link.end?.evidence ?? link.transport.evidence())
        let noise = link.transcript.noise
        if noise.count > 0 {
            evidence["stdout_noise_lines"] = JSONValue(noise.count)
            evidence["stdout_noise"] = .array(noise.first.prefix(10).map { .object(Evidence.json(of: $0)) })
        }
        return evidence
    }
}

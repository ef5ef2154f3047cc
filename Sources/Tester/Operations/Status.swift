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
        let end = connection?.endReason
        let message =
            switch (connection, end) {
            case (let connection?, let end?): "Connection \"\(connection.name)\" has ended: \(end)"
            case (let connection?, nil) where connection.silence != nil: silenceMessage(connection)
            case (let connection?, nil): "Connected to \(connection.target.name) as \"\(connection.name)\""
            case (nil, _): absence(name)
            }
        let silence = connection?.silence
        let isBroken = silence != nil || connection?.failedRestart != nil
        var report = Report(isBroken ? .fail : .pass, message)
        report.add("connected", .bool(connection != nil && end == nil))
        report.add(
            "connection",
            .value(connection.map { .object($0.json) } ?? nil),
            textKeys: Connection.keysInText
                .union(["protocol_version", "restarts", "ended"])
                // Only a connection that other sessions can use is addressed by its ID.
                .union(connection?.idleWatch == nil ? [] : ["connection_id", "idle_timeout_seconds"])
        )
        report.add("message", .string(message))
        if silence != nil { report.add("responsive", false) }
        var metadata: JSONObject = ["request_time_ms": JSONValue(Evidence.rounded(began.duration(to: clock.now)))]
        // Null without a connection, as in the first mcp-test-mcp.
        let age = connection.map { JSONValue(Evidence.rounded($0.age) / 1000) } ?? .null
        metadata.append("connection_duration_seconds", age)
        report.add("metadata", .object(metadata))
        let all = registry.all
        let hasOthers = all.contains { $0.id != connection?.id }
        report.add(
            "connections",
            .value(.array(all.map { .object(line($0)) })),
            detail: hasOthers ? .standard : .full
        )
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
        if let connection {
            let evidence = evidence(of: connection)
            let isShown = evidence.contains { $0.detail < .full }
            report.add("evidence", .object(evidence), detail: isShown ? .standard : .full)
        }
        return report
    }

    private func silenceMessage(_ connection: Connection) -> String {
        guard let silence = connection.silence else { return "" }
        return "The server of \"\(connection.name)\" has not responded since \(silence.label), "
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

    private func evidence(of connection: Connection) -> [Report.Member] {
        let link = connection.client.link
        var evidence: [Report.Member] = [
            .init(key: "frames", value: .value(JSONValue(link.transcript.count)), detail: .full)
        ]
        // After a failed restart it would be what the process before that wrote.
        if connection.failedRestart == nil { evidence.append(.server(link.end?.evidence ?? link.transport.evidence())) }
        let noise = link.transcript.noise
        if noise.count > 0 {
            evidence.append(.init(key: "stdout_noise_lines", value: .value(JSONValue(noise.count))))
            let first = noise.first.prefix(10).map { JSONValue.object(Evidence.json(of: $0)) }
            evidence.append(.init(key: "stdout_noise", value: .value(.array(first))))
        }
        return evidence
    }
}

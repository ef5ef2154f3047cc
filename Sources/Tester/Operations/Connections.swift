import AsyncRuntime
import JSON
import MCP
import MCPClient
import MCPTransport

extension TesterSession {
    /// Lists the connections of the session, oldest first, with what was done on each.
    public func listConnections() -> Report {
        let current = registry.currentName
        let all = registry.all
        let count = all.count == 1 ? "1 connection" : "\(all.count) connections"
        var report = Report(.pass, all.isEmpty ? "no connection" : "\(count); current: \(current ?? "none")")
        report.add("connections", .array(all.map { .object(entry($0, isCurrent: $0.name == current)) }))
        report.add("metadata", ["total_connections": JSONValue(all.count)])
        return report
    }

    private func entry(_ connection: Connection, isCurrent: Bool) -> JSONObject {
        let client = connection.client
        var entry: JSONObject = [
            "name": .string(connection.name),
            "connection_id": .string(connection.id),
            "server_url": .string(connection.target.name),
            "server": client.serverLabel.map(JSONValue.string) ?? nil,
            "transport": .string(client.link.transport.kind.rawValue),
            "protocol_version": .string(client.revision.wireName),
            "current": .bool(isCurrent),
            "connected": .bool(client.link.end == nil),
            "age_seconds": JSONValue(Evidence.rounded(connection.age) / 1000),
            "statistics": .object(connection.statistics.json),
        ]
        if let reason = connection.endReason { entry["ended"] = .string(reason) }
        return entry
    }

    /// Makes a connection the one that calls without a name use.
    public func switchConnection(to name: String) -> Report {
        guard let place = locate(name) else {
            return Report(notConnected(name), emptyPayload: ("connection", nil))
        }
        guard let former = registry.makeCurrent(place.connection) else {
            let failure = Failure.usage(
                "Connection \(name) belongs to another session, so it cannot become the current one.",
                nextStep: "Give it as connection_name in each call."
            )
            return Report(failure, emptyPayload: ("connection", nil))
        }
        let connection = place.connection
        let verb = former == connection.name ? "stays" : "is now"
        var report = Report(.pass, "\"\(connection.name)\" (\(connection.target.name)) \(verb) the current connection")
        report.add("connection", .object(entry(connection, isCurrent: true)))
        report.add("previous", .string(former))
        report.add("metadata", ["connection_name": .string(connection.name)])
        return report
    }
}

import AsyncRuntime
import JSON
import MCPClient
import MCPTransport

extension TesterSession {
    /// Closes the named or the current connection, or all of the session; having none is not a failure.
    ///
    /// A name may be the id of a connection that another session of the same principal made.
    public func disconnect(_ name: String? = nil, all: Bool = false) async -> Report {
        let began = clock.now
        let chosen =
            all
            ? registry.all.map { ConnectionDirectory.Entry(connection: $0, home: registry) }
            : locate(name).map { [$0] } ?? []
        var ended: [(connection: Connection, reason: String)] = []
        for place in chosen {
            guard let end = await end(place.connection, in: place.home, because: "it was disconnected") else {
                continue
            }
            ended.append((place.connection, end.reason))
        }
        let elapsed = Evidence.rounded(began.duration(to: clock.now))
        let message = message(ended, asked: name)
        var report = Report(.pass, message.firstLowercased + " in \(elapsed) ms")
        report.add("message", .string(message))
        report.add("was_connected", .bool(!ended.isEmpty))
        var metadata: JSONObject = ["request_time_ms": JSONValue(elapsed), "was_connected": .bool(!ended.isEmpty)]
        if let first = ended.first {
            metadata["previous_connection"] = .object(summary(first.connection, first.reason))
        }
        if ended.count > 1 {
            metadata["previous_connections"] = .array(ended.map { .object(summary($0.connection, $0.reason)) })
        }
        report.add("metadata", .object(metadata))
        return report
    }

    private func message(_ ended: [(connection: Connection, reason: String)], asked name: String?) -> String {
        switch (ended.count, name) {
        case (0, let name?): "Unknown connection \"\(name)\": nothing to close"
        case (0, nil): "Not connected: nothing to close"
        case (1, _): "Disconnected from \(ended[0].connection.target.name)"
        default: "Closed \(ended.count) connections"
        }
    }

    private func summary(_ connection: Connection, _ reason: String) -> JSONObject {
        [
            "server_url": .string(connection.target.name),
            "transport": .string(connection.client.link.transport.kind.rawValue),
            "duration_seconds": JSONValue(Evidence.rounded(connection.age) / 1000),
            "statistics": .object(connection.statistics.json),
            "name": .string(connection.name),
            "ended": .string(reason),
        ]
    }
}

extension String {
    fileprivate var firstLowercased: String { prefix(1).lowercased() + dropFirst() }
}

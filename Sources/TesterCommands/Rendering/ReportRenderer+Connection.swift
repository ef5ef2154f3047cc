import JSON

extension ReportRenderer {
    /// Writes the facts about a connection that matter to a person.
    mutating func writeConnection(_ connection: JSONValue) {
        guard connection.object != nil else { return }
        section("Connection")
        let info = connection["server_info"]
        let name = [info?["name"], info?["version"]].compactMap { $0?.string }.joined(separator: " ")
        if !name.isEmpty { fact("server", name) }
        if let url = connection["server_url"]?.string { fact("target", url) }
        let transport = connection["transport"]?.string ?? ""
        fact("protocol", "\(connection["protocol_version"]?.string ?? "") over \(transport)")
        if let reason = connection["protocol_reason"]?.string { fact("because", reason) }
        if let time = connection["connected_at"]?.string { fact("since", time) }
        let counts = (connection["statistics"]?.object?.members ?? []).filter { ($0.value.int ?? 0) > 0 }
        if !counts.isEmpty {
            fact("used", counts.map { "\($0.key.replacing("_", with: " ")): \($0.value)" }.joined(separator: ", "))
        }
        if let restarts = connection["restarts"] { fact("restarts", restarts.description) }
        if let end = connection["ended"]?.string { fact("ended", end) }
    }
}

import JSON

extension ReportRenderer {
    /// Writes configured servers: name, host and place, then how each is reached, then its problems.
    mutating func writeServers(_ servers: JSONValue) {
        guard let servers = servers.array, !servers.isEmpty else { return }
        section("Configured servers", "use one as @NAME")
        for server in servers {
            let source = server["source"]?.string ?? ""
            var remarks: [String] = []
            if server["disabled"] == true { remarks.append("disabled") }
            if let other = server["replaced_by"]?.string { remarks.append("replaced by \(other)") }
            line(
                Span(server["name"]?.string ?? "", .name),
                Span("  \(server["host"]?.string ?? "")  \(source)", .faint),
                Span(remarks.isEmpty ? "" : "  (\(remarks.joined(separator: ", ")))", .doubtful),
                indent: 2
            )
            let words = [server["command"]?.string ?? server["url"]?.string].compactMap(\.self)
            let target = (words + (server["args"]?.array ?? []).compactMap(\.string)).joined(separator: " ")
            if !target.isEmpty { line("\(target)", indent: 4) }
            for problem in server["problems"]?.array ?? [] {
                line(Span("Problem: ", .bad), "\(problem.string ?? "")", indent: 4)
            }
        }
    }

    /// Writes the configuration files that cannot be read, with the line and a caret.
    mutating func writeBrokenFiles(_ files: JSONValue) {
        let broken = (files.array ?? []).filter { $0["error"] != nil }
        guard !broken.isEmpty else { return }
        section("Files that cannot be read")
        for file in broken {
            let place = [file["path"]?.string, file["line"]?.int?.description, file["column"]?.int?.description]
            line(
                Span(place.compactMap(\.self).joined(separator: ":"), .name),
                ": \(file["error"]?.string ?? "")",
                indent: 2
            )
            if let excerpt = file["excerpt"]?.string { block(excerpt, indent: 4, .faint) }
        }
    }

    /// Writes a text under a heading, or alone.
    mutating func writeText(_ title: String, _ text: String) {
        if title.isEmpty { gap() } else { section(title) }
        block(text, indent: title.isEmpty ? 0 : 2)
    }
}

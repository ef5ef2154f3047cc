import JSON

/// What `doctor` determined.
extension ReportRenderer {
    mutating func writeProblems(_ problems: JSONValue) {
        guard let problems = problems.array, !problems.isEmpty else { return }
        section("Problems (\(problems.count))")
        for problem in problems {
            line(
                Span("! ", .bad),
                Span("\(problem["about"]?.string ?? ""): ", .faint),
                "\(problem["message"]?.string ?? "")",
                indent: 2
            )
            line(Span("Fix: ", .heading), "\(problem["fix"]?.string ?? "")", indent: 4)
        }
    }

    mutating func writeNotes(_ notes: JSONValue) {
        guard let notes = notes.array, !notes.isEmpty else { return }
        section("Notes")
        for note in notes { line(Span("- ", .faint), "\(note.string ?? "")", indent: 2) }
    }

    mutating func writeProgram(_ program: JSONValue) {
        section("This program")
        fact("version", program["version"]?.string ?? "")
        fact("path", program["path"]?.string ?? "")
        fact("in PATH", program["in_path"]?.string ?? "no")
    }

    mutating func writeInterpreters(_ interpreters: JSONValue) {
        section("Interpreters")
        for interpreter in interpreters.array ?? [] {
            let name = interpreter["name"]?.string ?? ""
            guard let path = interpreter["path"]?.string else { continue }
            fact(name, "\(path)  \(interpreter["version"]?.string ?? "(version unknown)")")
        }
        let missing = (interpreters.array ?? []).filter { $0["path"]?.string == nil }.compactMap { $0["name"]?.string }
        if !missing.isEmpty { fact("not found", missing.joined(separator: ", ")) }
    }

    mutating func writeHosts(_ hosts: JSONValue) {
        let hosts = hosts.array ?? []
        section("Hosts")
        for host in hosts where host["found"] == true {
            let files = (host["files"]?.array ?? []).compactMap(\.string)
            let entries = (host["entries"]?.array ?? []).map { entry in
                let state = entry["exists"] == true ? "" : ", which does not exist"
                return "our entry starts \(entry["command"]?.string ?? "")\(state) (\(entry["source"]?.string ?? ""))"
            }
            let advice = "no entry of ours; add it with: \(Program.name) install \(host["host"]?.string ?? "")"
            let lines = entries.isEmpty ? [advice] + files : entries
            fact(host["name"]?.string ?? "", lines.joined(separator: "\n"), width: 16)
        }
        let missing = hosts.filter { $0["found"] != true }.compactMap { $0["name"]?.string }
        if !missing.isEmpty { fact("not found", missing.joined(separator: ", "), width: 16) }
    }

    mutating func writeSettings(_ settings: JSONValue) {
        section("Settings")
        let settings = settings.array ?? []
        if settings.isEmpty { line("all defaults", indent: 2) }
        for setting in settings {
            line(
                Span(setting["name"]?.string ?? "", .name),
                "=\(setting["value"]?.string ?? "")",
                Span("  from \(setting["source"]?.string ?? "")", .faint),
                indent: 2
            )
        }
    }

    mutating func writeTargets(_ targets: JSONValue) {
        guard let targets = targets.array, !targets.isEmpty else { return }
        section("What would be started", "nothing was")
        for target in targets {
            line(
                Span(target["name"]?.string ?? "", .name),
                Span(target["configured_in"]?.string.map { "  \($0)" } ?? "", .faint),
                indent: 2
            )
            if let command = target["command"]?.string {
                let arguments = (target["args"]?.array ?? []).compactMap(\.string)
                line("\(([command] + arguments).map(Self.quoted).joined(separator: " "))", indent: 4)
            }
            let facts = [
                ("program", "program"), ("interpreter", "chosen"), ("cwd", "in"), ("url", "URL"),
                ("transport", "transport"),
            ]
            for (key, title) in facts {
                if let value = target[key]?.string { nestedFact(title, value) }
            }
            for (key, title) in [("env_names", "variables"), ("header_names", "headers")] {
                if let names = target[key]?.array, !names.isEmpty {
                    nestedFact(title, names.compactMap(\.string).joined(separator: ", "))
                }
            }
        }
    }

    private mutating func nestedFact(_ title: String, _ value: String) {
        let space = String(repeating: " ", count: max(1, 11 - title.count))
        line(Span(title, .faint), "\(space)\(value)", indent: 4, hanging: 11)
    }

    /// A word as it would be typed in a shell.
    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./:=@%+,".contains($0) }
        return isPlain
            ? word : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}

import JSON

extension ReportRenderer {
    /// Writes differences, one line each.
    mutating func writeDifferences(_ title: String, _ list: JSONValue) {
        guard let entries = list.array, !entries.isEmpty else { return }
        section("\(title) (\(entries.count))")
        for entry in entries {
            let within = entry["within"]?.string.map { " in the text at \($0)" } ?? ""
            let place = entry["at"]?.string ?? ""
            line(
                Span(entry["kind"]?.string ?? "", .faint),
                " ",
                Span(place.isEmpty ? "/" : place, .name),
                "\(within)",
                indent: 2
            )
            for (sign, key) in [("- ", "old"), ("+ ", "new")] {
                guard let value = entry[key] else { continue }
                line(Span(sign, key == "old" ? .bad : .good), "\(value)", indent: 4)
            }
        }
    }

    /// Writes the errors of arguments, each with its correction.
    mutating func writeErrors(_ errors: JSONValue) {
        guard let errors = errors.array, !errors.isEmpty else { return }
        section("Errors (\(errors.count))")
        for error in errors {
            line(Span("! ", .bad), "\(error["message"]?.string ?? "")", indent: 2)
            if let correction = error["correction"]?.string { line("\(correction)", indent: 4) }
        }
    }

    /// Writes the skills of a server: name, URI, description and the number of files.
    mutating func writeSkills(_ skills: JSONValue) {
        guard let skills = skills.array else { return }
        section("Skills (\(skills.count))")
        for skill in skills {
            let files = skill["resources"]?.array.map { "\($0.count) file\($0.count == 1 ? "" : "s")" }
            let name = skill["frontmatter"]?["name"]?.string ?? "(no name)"
            line(Span(name, .name), "  \(skill["uri"]?.string ?? "")  \(files ?? "dynamic")", indent: 2)
            if let text = skill["frontmatter"]?["description"]?.string { block(text, indent: 6, .faint) }
        }
    }
}

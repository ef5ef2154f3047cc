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

    /// Writes for each era whether the server supports it, and how that is known.
    mutating func writeEras(_ eras: JSONValue) {
        section("Eras")
        for era in eras.object?.members ?? [] {
            let versions = era.value["versions"]?.array?.compactMap(\.string) ?? []
            let word =
                switch era.value["supported"]?.bool {
                case true?: "supported: \(versions.joined(separator: ", "))"
                case false?: "not supported"
                case nil: "unknown"
                }
            fact(era.key, "\(word)\n\(era.value["evidence"]?.string ?? "")")
        }
    }

    /// Writes what was sent to choose the era, and the responses.
    mutating func writeHandshake(_ evidence: JSONValue) {
        section("Handshake")
        for step in evidence["handshake"]?.array ?? [] {
            let time = step["after_ms"].map { "  after \($0) ms" } ?? ""
            line(
                Span(step["asked"]?.string ?? "", .name),
                "  \(step["outcome"]?.string ?? "")",
                Span(time, .faint),
                indent: 2
            )
        }
    }

    /// Writes a message with its headers: the text as it is on the wire, everything else as facts.
    mutating func writeMessage(_ title: String, _ message: JSONValue) {
        guard let object = message.object else { return }
        section(title)
        for member in object.members where !["text", "frames", "headers", "bytes"].contains(member.key) {
            fact(member.key, member.value.string ?? member.value.description)
        }
        for header in object["headers"]?.object?.members ?? [] {
            line(Span(header.key, .faint), ": \(header.value.string ?? header.value.description)", indent: 2)
        }
        if let text = object["text"]?.string { block(text, indent: 2) }
        for frame in object["frames"]?.array ?? [] { block(frame["text"]?.string ?? "", indent: 2) }
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

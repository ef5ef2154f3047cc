/// Adds, changes and removes a server in a TOML file by changing its text, so that everything else stays as it is.
struct TOMLEditor {
    let document: ConfigurationDocument
    /// The keys from the root to the table of servers.
    let path: [String]

    private var text: ConfigurationText { document.text }

    // MARK: - Adding

    /// The file with a server; nil if it has it already.
    func adding(_ entry: ServerEntry) throws(ConfigurationError) -> [UInt8]? {
        let members = entry.members(prefix: [])
        if let container = document.node(at: path) {
            guard container.members != nil else {
                throw ConfigurationError(
                    "`\(path.joined(separator: "."))`: expected a table, got \(container.typeName)",
                    at: container.range.lowerBound
                )
            }
            if let existing = container.member(entry.name) { return try updating(existing, to: members) }
            // A table in braces is complete: nothing can be added to it from outside.
            if let statement = document.statements.first(where: { $0.path == path }) {
                throw ConfigurationError(
                    "`\(path.joined(separator: "."))` is an inline table; write it as [\(path.joined(separator: "."))] first",
                    at: statement.line.lowerBound
                )
            }
        }
        let ending = text.lineEnding
        let isTerminated = text.bytes.count == text.contentStart || text.bytes.last == 0x0A
        let isEmpty = text.bytes.count == text.contentStart
        let header = "[\((path + [entry.name]).map(Self.key).joined(separator: "."))]"
        let section = ([header] + members.map { "\($0.key) = \($0.text)" }).joined(separator: ending)
        // A file without a line ending at its end keeps that, so that removing the entry restores it.
        let before = isEmpty ? "" : isTerminated ? ending : ending + ending
        return text.bytes + Array((before + section + (isTerminated ? ending : "")).utf8)
    }

    private static func key(_ name: String) -> String {
        let isBare =
            !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
        return isBare ? name : ServerEntry.quoted(name)
    }

    /// Changes the program of an entry, and keeps its other keys, such as variables.
    private func updating(
        _ member: ConfigurationMember,
        to wanted: [(key: String, text: String)]
    ) throws(ConfigurationError) -> [UInt8]? {
        guard let command = member.value.member("command"), command.value.string != nil else {
            throw ConfigurationError(
                "`\(member.key)` is already configured, but not as a command; choose another name",
                at: member.keyRange.lowerBound
            )
        }
        var edits: [TextEdit] = []
        for (key, wantedText) in wanted {
            if let value = member.value[key] {
                if !value.content.says(wantedText) { edits.append(TextEdit(range: value.range, text: wantedText)) }
            } else {
                let end = command.value.range.upperBound
                let isInline = document.statements.contains { $0.path == path + [member.key] }
                let separator = isInline ? ", " : text.lineEnding
                edits.append(TextEdit(range: end..<end, text: "\(separator)\(key) = \(wantedText)"))
            }
        }
        return edits.isEmpty ? nil : TextEdit.apply(edits, to: text.bytes)
    }

    // MARK: - Removing

    /// The file without a server; nil if it has none of that name.
    func removing(_ name: String) throws(ConfigurationError) -> [UInt8]? {
        guard let member = document.node(at: path)?.member(name) else { return nil }
        guard member.value["command"]?.string != nil else {
            throw ConfigurationError(
                "`\(name)` is not an entry with a command, so it was not written by install",
                at: member.keyRange.lowerBound
            )
        }
        let wanted = path + [name]
        var edits: [TextEdit] = []
        let sections = document.sections.indices.filter { document.sections[$0].path.starts(with: wanted) }
        for index in sections {
            let section = document.sections[index]
            var start = section.header.lowerBound
            var end = section.end
            start -= emptyLineLength(before: start)
            if end == text.bytes.count, text.bytes.last != 0x0A { start -= lineEndingLength(before: start) }
            // Two removed sections share the empty line between them.
            if let last = edits.last, last.range.upperBound > start { start = last.range.upperBound }
            end = max(end, start)
            edits.append(TextEdit(range: start..<end, text: ""))
        }
        for statement in document.statements
        where statement.path.starts(with: wanted) && !(statement.section.map(sections.contains) ?? false) {
            edits.append(
                TextEdit(range: text.lineStart(of: statement.line.lowerBound)..<statement.line.upperBound, text: "")
            )
        }
        guard !edits.isEmpty else {
            throw ConfigurationError(
                "`\(name)` is part of an inline table; remove it by hand",
                at: member.keyRange.lowerBound
            )
        }
        return TextEdit.apply(edits, to: text.bytes)
    }

    /// The length of an empty line directly before a position.
    private func emptyLineLength(before position: Int) -> Int {
        let ending = lineEndingLength(before: position)
        guard ending > 0 else { return 0 }
        let start = position - ending
        return start == text.contentStart || text.bytes[start - 1] == 0x0A ? ending : 0
    }

    private func lineEndingLength(before position: Int) -> Int {
        guard position > text.contentStart, text.bytes[position - 1] == 0x0A else { return 0 }
        return position - 1 > text.contentStart && text.bytes[position - 2] == 0x0D ? 2 : 1
    }
}

/// Adds, changes and removes a server in a JSON file by changing its text, so that everything else stays as it is.
struct JSONEditor {
    let document: ConfigurationDocument
    /// The keys from the root to the object of servers.
    let path: [String]

    private var text: ConfigurationText { document.text }
    private var lineEnding: String { text.lineEnding }

    /// One level of indentation, as the file uses it.
    private var unit: String {
        guard let first = document.root?.members?.first else { return "  " }
        let indentation = text.indentation(at: first.keyRange.lowerBound)
        let isFirstOnLine =
            text.lineStart(of: first.keyRange.lowerBound) + indentation.utf8.count == first.keyRange.lowerBound
        return isFirstOnLine && !indentation.isEmpty ? indentation : "  "
    }

    // MARK: - Adding

    /// The file with a server; nil if it has it already.
    func adding(
        _ entry: ServerEntry,
        prefix: [(key: String, value: String)]
    ) throws(ConfigurationError) -> [UInt8]? {
        let members = entry.members(prefix: prefix)
        guard let root = document.root else { return emptyFile(entry, members) }
        guard root.members != nil else { throw notObject("the file", root) }
        var container = root
        for (index, key) in path.enumerated() {
            guard let next = container.member(key) else {
                return insert(wrapped(entry.name, members, in: Array(path[index...]), of: container), into: container)
            }
            guard next.value.members != nil else { throw notObject("`\(key)`", next.value) }
            container = next.value
        }
        if let existing = container.member(entry.name) { return try updating(existing, to: members) }
        return insert(Insertion(key: entry.name, value: .object(members)), into: container)
    }

    private func notObject(_ what: String, _ node: ConfigurationNode) -> ConfigurationError {
        ConfigurationError("\(what): expected an object, got \(node.typeName)", at: node.range.lowerBound)
    }

    /// A member to be written.
    private struct Insertion {
        indirect enum Value {
            case object([(key: String, text: String)])
            case nested(Insertion)
        }

        var key: String
        var value: Value

        /// The member over several lines.
        func text(indentation: String, unit: String, lineEnding: String) -> String {
            let inner = indentation + unit
            let content =
                switch value {
                case .object(let members):
                    members.map { "\(inner)\(ServerEntry.quoted($0.key)): \($0.text)" }
                        .joined(separator: ",\(lineEnding)")
                case .nested(let member): inner + member.text(indentation: inner, unit: unit, lineEnding: lineEnding)
                }
            return "\(ServerEntry.quoted(key)): {\(lineEnding)\(content)\(lineEnding)\(indentation)}"
        }

        /// The member on one line.
        var line: String {
            let content =
                switch value {
                case .object(let members):
                    members.map { "\(ServerEntry.quoted($0.key)): \($0.text)" }.joined(separator: ", ")
                case .nested(let member): member.line
                }
            return "\(ServerEntry.quoted(key)): {\(content)}"
        }
    }

    private func wrapped(
        _ name: String,
        _ members: [(key: String, text: String)],
        in keys: [String],
        of container: ConfigurationNode
    ) -> Insertion {
        var insertion = Insertion(key: name, value: .object(members))
        for key in keys.reversed() { insertion = Insertion(key: key, value: .nested(insertion)) }
        return insertion
    }

    private func emptyFile(_ entry: ServerEntry, _ members: [(key: String, text: String)]) -> [UInt8] {
        let root = ConfigurationNode(content: .object([]), range: 0..<0)
        let insertion = wrapped(entry.name, members, in: path, of: root)
        let content = insertion.text(indentation: unit, unit: unit, lineEnding: lineEnding)
        var bytes = text.bytes
        let needsBreak = bytes.count > text.contentStart && bytes.last != 0x0A
        bytes += Array("\(needsBreak ? lineEnding : ""){\(lineEnding)\(unit)\(content)\(lineEnding)}\(lineEnding)".utf8)
        return bytes
    }

    private func insert(_ insertion: Insertion, into container: ConfigurationNode) -> [UInt8] {
        let members = container.members ?? []
        let open = container.range.lowerBound
        let outer = text.indentation(at: open)
        guard let last = members.last else {
            // Whatever is between the braces stays, as it may be a comment.
            let close = container.range.upperBound - 1
            let isOneLine = text.lineStart(of: open) == text.lineStart(of: close)
            let indentation = outer + unit
            let member = insertion.text(indentation: indentation, unit: unit, lineEnding: lineEnding)
            let added = lineEnding + indentation + member + (isOneLine ? lineEnding + outer : "")
            return TextEdit.apply([TextEdit(range: open + 1..<open + 1, text: added)], to: text.bytes)
        }
        let end = last.value.range.upperBound
        let isOneLine = text.lineStart(of: open) == text.lineStart(of: last.keyRange.lowerBound)
        if isOneLine {
            let comma = trailingComma(after: end, before: container.range.upperBound)
            let added = comma == nil ? ", \(insertion.line)" : " \(insertion.line),"
            let place = comma.map { $0 + 1 } ?? end
            return TextEdit.apply([TextEdit(range: place..<place, text: added)], to: text.bytes)
        }
        let indentation = text.indentation(at: last.keyRange.lowerBound)
        let member = insertion.text(indentation: indentation, unit: unit, lineEnding: lineEnding)
        let comma = trailingComma(after: end, before: container.range.upperBound)
        let place = endOfLine(after: comma.map { $0 + 1 } ?? end, before: container.range.upperBound - 1)
        var edits = [
            TextEdit(range: place..<place, text: lineEnding + indentation + member + (comma == nil ? "" : ","))
        ]
        if comma == nil { edits.insert(TextEdit(range: end..<end, text: ","), at: 0) }
        return TextEdit.apply(edits, to: text.bytes)
    }

    /// The comma after a value, with comments between them.
    private func trailingComma(after end: Int, before limit: Int) -> Int? {
        var position = end
        while position < limit {
            let next = skippingComment(at: position) ?? position
            if next > position {
                position = next
            } else if text.bytes[position] == UInt8(ascii: ",") {
                return position
            } else if text.bytes[position] <= 0x20 {
                position += 1
            } else {
                return nil
            }
        }
        return nil
    }

    /// The end of the line behind spaces and comments: a comment there belongs to the value before it.
    private func endOfLine(after start: Int, before limit: Int) -> Int {
        var position = start
        while position < limit {
            let byte = text.bytes[position]
            if byte == 0x0A || byte == 0x0D { return position }
            if let next = skippingComment(at: position) {
                // A comment of several lines does not belong to this line alone.
                if text.bytes[position..<next].contains(0x0A) { return start }
                position = next
            } else if byte == 0x20 || byte == 0x09 {
                position += 1
            } else {
                return start
            }
        }
        return start
    }

    private func skippingComment(at position: Int) -> Int? {
        let rest = text.bytes[position...]
        if rest.starts(with: "//".utf8) {
            let end = rest.firstIndex(of: 0x0A) ?? text.bytes.count
            return end > position && text.bytes[end - 1] == 0x0D ? end - 1 : end
        }
        guard rest.starts(with: "/*".utf8) else { return nil }
        return rest.firstRange(of: Array("*/".utf8))?.upperBound
    }

    // MARK: - Changing

    /// Changes the program of an entry, and keeps its other members, such as variables.
    private func updating(
        _ member: ConfigurationMember,
        to wanted: [(key: String, text: String)]
    ) throws(ConfigurationError) -> [UInt8]? {
        guard member.value["command"]?.string != nil else {
            throw ConfigurationError(
                "`\(member.key)` is already configured, but not as a command; choose another name",
                at: member.keyRange.lowerBound
            )
        }
        var edits: [TextEdit] = []
        for (key, wantedText) in wanted {
            if let value = member.value[key] {
                if !value.content.says(wantedText) { edits.append(TextEdit(range: value.range, text: wantedText)) }
            } else if key == "args", let command = member.value.member("command") {
                let end = command.value.range.upperBound
                edits.append(TextEdit(range: end..<end, text: ", \"args\": \(wantedText)"))
            }
        }
        return edits.isEmpty ? nil : TextEdit.apply(edits, to: text.bytes)
    }

    // MARK: - Removing

    /// The file without a server; nil if it has none of that name.
    func removing(_ name: String) throws(ConfigurationError) -> [UInt8]? {
        guard let container = document.node(at: path), let members = container.members,
            let index = members.lastIndex(where: { $0.key == name })
        else { return nil }
        let member = members[index]
        guard member.value["command"]?.string != nil else {
            throw ConfigurationError(
                "`\(name)` is not an entry with a command, so it was not written by install",
                at: member.keyRange.lowerBound
            )
        }
        let end = member.value.range.upperBound
        if index + 1 < members.count {
            // The first of several: with its comma and everything up to the next member's line.
            let comma = trailingComma(after: end, before: container.range.upperBound) ?? end - 1
            let start = lineStart(
                of: member,
                after: index > 0 ? members[index - 1].value.range.upperBound : container.range.lowerBound + 1
            )
            let next = comma + 1
            let stop =
                start.isOwnLine ? endOfLine(after: next, before: container.range.upperBound - 1) : afterSpaces(next)
            return TextEdit.apply([TextEdit(range: start.offset..<max(stop, next), text: "")], to: text.bytes)
        }
        if index > 0 {
            // The last of several: the comma before it goes, unless the file ends its lists with commas.
            let previous = members[index - 1].value.range.upperBound
            let ownComma = trailingComma(after: end, before: container.range.upperBound)
            let start = lineStart(of: member, after: previous)
            var edits = [TextEdit(range: start.offset..<(ownComma.map { $0 + 1 } ?? end), text: "")]
            if ownComma == nil, let comma = trailingComma(after: previous, before: container.range.upperBound) {
                if start.offset > comma {
                    edits.append(TextEdit(range: comma..<comma + 1, text: ""))
                } else {
                    edits[0].range = comma..<edits[0].range.upperBound
                }
            }
            return TextEdit.apply(edits, to: text.bytes)
        }
        let comma = trailingComma(after: end, before: container.range.upperBound)
        let start = lineStart(of: member, after: container.range.lowerBound + 1)
        return TextEdit.apply([TextEdit(range: start.offset..<(comma.map { $0 + 1 } ?? end), text: "")], to: text.bytes)
    }

    /// Where the text of a member begins: with the line break before its line, or with the spaces before it.
    private func lineStart(of member: ConfigurationMember, after limit: Int) -> (offset: Int, isOwnLine: Bool) {
        let key = member.keyRange.lowerBound
        var start = key
        while start > limit, text.bytes[start - 1] == 0x20 || text.bytes[start - 1] == 0x09 { start -= 1 }
        guard start > limit, text.bytes[start - 1] == 0x0A else { return (start, false) }
        start -= 1
        if start > limit, text.bytes[start - 1] == 0x0D { start -= 1 }
        return (start, true)
    }

    private func afterSpaces(_ position: Int) -> Int {
        var position = position
        while position < text.bytes.count, text.bytes[position] == 0x20 { position += 1 }
        return position
    }
}

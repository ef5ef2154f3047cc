/// Reads TOML 1.0 and keeps the position of everything.
///
/// Written by hand because carets and changes that keep comments need the positions, which the available library does not
/// have; it would also bring C++ and Foundation into a program whose start-up matters.
struct TOMLReader {
    private var values: TOMLValueReader
    private let text: ConfigurationText
    private let root: TOMLTable
    private var current: TOMLTable
    private(set) var sections: [TOMLSection] = []
    private(set) var statements: [TOMLStatement] = []

    init(_ text: ConfigurationText) {
        self.text = text
        values = TOMLValueReader(text)
        root = TOMLTable(.header, at: text.contentStart)
        current = root
    }

    /// Reads the file; nil if it has neither keys nor tables.
    mutating func readDocument() throws(ConfigurationError) -> ConfigurationNode? {
        while true {
            try values.skipLines()
            guard let byte = values.byte else { break }
            if byte == UInt8(ascii: "[") { try readHeader() } else { try readStatement() }
        }
        return root.members.isEmpty ? nil : root.node
    }

    // MARK: - Headers

    private mutating func readHeader() throws(ConfigurationError) {
        let start = values.position
        values.position += 1
        let isArray = values.byte == UInt8(ascii: "[")
        if isArray { values.position += 1 }
        let keys = try values.readKeys()
        let close = isArray ? "]]" : "]"
        guard values.starts(with: close) else {
            throw ConfigurationError("expected `\(close)` at the end of the table's name", at: values.position)
        }
        values.position += close.utf8.count
        try values.endLine()
        try enter(keys, isArray: isArray)
        sections.append(
            TOMLSection(
                path: keys.map(\.text),
                isArray: isArray,
                header: start..<values.position,
                end: values.position
            )
        )
    }

    /// Makes the table of a header the current one.
    private mutating func enter(_ keys: [TOMLKey], isArray: Bool) throws(ConfigurationError) {
        var table = root
        for key in keys.dropLast() {
            switch table[key.text] {
            case nil:
                let child = TOMLTable(.implied, at: key.range.lowerBound)
                table.append(key.text, key.range, .table(child))
                table = child
            case .table(let child) where child.origin != .inline: table = child
            case .tables(let children): table = children[children.count - 1]
            default: throw occupied(key)
            }
        }
        guard let last = keys.last else { return }
        let child = TOMLTable(.header, at: last.range.lowerBound)
        switch table[last.text] {
        case nil: table.append(last.text, last.range, isArray ? .tables([child]) : .table(child))
        case .tables(let children) where isArray: table[last.text] = .tables(children + [child])
        case .table(let existing) where !isArray && existing.origin == .implied:
            existing.origin = .header
            existing.start = child.start
            current = existing
            return
        default: throw occupied(last)
        }
        current = child
    }

    private func occupied(_ key: TOMLKey) -> ConfigurationError {
        ConfigurationError("`\(key.text)` is already defined and cannot be a new table here", at: key.range.lowerBound)
    }

    // MARK: - Keys and values

    private mutating func readStatement() throws(ConfigurationError) {
        let start = values.position
        let keys = try values.readKeys()
        guard values.byte == UInt8(ascii: "=") else {
            throw ConfigurationError("expected `=` after the key", at: values.position)
        }
        values.position += 1
        values.skipSpaces()
        let value = try values.readValue()
        let valueEnd = values.position
        try values.endLine()
        try Self.assign(value, to: keys, in: current)
        let path = (sections.last?.path ?? []) + keys.map(\.text)
        statements.append(
            TOMLStatement(
                path: path,
                line: start..<values.position,
                value: value.range.lowerBound..<valueEnd,
                section: sections.isEmpty ? nil : sections.count - 1
            )
        )
        if !sections.isEmpty { sections[sections.count - 1].end = values.position }
    }

    static func assign(
        _ value: ConfigurationNode,
        to keys: [TOMLKey],
        in start: TOMLTable
    ) throws(ConfigurationError) {
        var table = start
        for key in keys.dropLast() {
            switch table[key.text] {
            case nil:
                let child = TOMLTable(.dottedKey, at: key.range.lowerBound)
                table.append(key.text, key.range, .table(child))
                table = child
            case .table(let child) where child.origin == .dottedKey || child.origin == .implied: table = child
            default: throw ConfigurationError("`\(key.text)` is already defined", at: key.range.lowerBound)
            }
        }
        guard let last = keys.last else { return }
        guard table[last.text] == nil else {
            throw ConfigurationError("the key `\(last.text)` is defined twice", at: last.range.lowerBound)
        }
        table.append(last.text, last.range, .node(value))
    }
}

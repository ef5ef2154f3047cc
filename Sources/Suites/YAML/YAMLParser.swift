/// Reads the YAML 1.2 that suites are written in, and JSON, which is a part of it, with the place of every value.
///
/// Written by hand because the library for it links Foundation into the program, which every command would pay for.
/// Tags, directives and keys that are not text are refused. Depth and size are limited, aliases included.
struct YAMLParser {
    static let depthLimit = 100
    static let nodeLimit = 2_000_000

    let file: SourceFile
    var position = 0
    private var depth = 0
    private var nodeCount = 0
    private var anchors: [String: SourceNode] = [:]
    /// The anchors of the values that are being read.
    private var openAnchors: [String] = []

    init(_ file: SourceFile) {
        self.file = file
    }

    /// Reads a file that holds one document.
    static func parse(_ file: SourceFile) throws(SuiteProblem) -> SourceNode {
        var parser = YAMLParser(file)
        return try parser.document()
    }

    private mutating func document() throws(SuiteProblem) -> SourceNode {
        if String(validating: file.bytes, as: UTF8.self) == nil {
            throw problem("The file is not valid UTF-8.", at: 0)
        }
        if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try skipToContent()
        if isMarker("---") {
            position += 3
            try skipToContent()
        }
        guard let byte = current, !isMarker("...") else { throw problem("The file is empty.", at: 0) }
        guard byte != UInt8(ascii: "%") else { throw problem("YAML directives are not supported.") }
        let node = try block(parent: -1)
        try skipToContent()
        if isMarker("...") {
            position += 3
            try skipToContent()
        }
        guard current != nil else { return node }
        throw isMarker("---")
            ? problem("A file holds one suite. Put the second document into a file of its own.")
            : problem("Unexpected text. Check the indentation: it must match the lines above.")
    }

    // MARK: - Blocks

    /// Reads a value that starts at the current position, which is its first character.
    ///
    /// - Parameter parent: The column of the collection that it belongs to; -1 for the document.
    private mutating func block(parent: Int) throws(SuiteProblem) -> SourceNode {
        try enter()
        defer { depth -= 1 }
        if isHyphen { return try blockSequence(indent: column) }
        if try keyEnd() != nil { return try blockMapping(indent: column) }
        return try value(parent: parent, allowsSequenceAtParent: false)
    }

    private mutating func blockMapping(indent: Int) throws(SuiteProblem) -> SourceNode {
        let start = position
        var entries: [SourceNode.Entry] = []
        var known: [String: Int] = [:]
        var merged: [SourceNode] = []
        while current != nil, column == indent, !isDocumentMarker {
            guard let (key, colon) = try keyEnd() else {
                throw problem(
                    isHyphen ? "A list item cannot stand among the keys of a mapping." : "Expected `key: value`."
                )
            }
            let keyOffset = position
            position = colon + 1
            let node = try value(parent: indent, allowsSequenceAtParent: true)
            if key == "<<" {
                merged.append(node)
            } else {
                try note(key, keyOffset, in: &known)
                entries.append(.init(key: key, keyOffset: keyOffset, value: node))
            }
            try skipToContent()
            if current != nil, column > indent {
                throw problem("Wrong indentation: expected column \(indent + 1), as the keys above have.")
            }
        }
        try merge(merged, into: &entries, known)
        return try node(.mapping(entries), at: start)
    }

    private mutating func blockSequence(indent: Int) throws(SuiteProblem) -> SourceNode {
        let start = position
        var items: [SourceNode] = []
        while current != nil, column == indent, isHyphen {
            position += 1
            skipInlineSpace()
            var isNested = isHyphen
            if !isNested, current != UInt8(ascii: "&") { isNested = try keyEnd() != nil }
            items.append(
                isNested
                    ? try block(parent: indent) : try value(parent: indent, allowsSequenceAtParent: false)
            )
            try skipToContent()
            if current != nil, column > indent {
                throw problem("Wrong indentation: expected column \(indent + 1), as the items above have.")
            }
        }
        return try node(.sequence(items), at: start)
    }

    /// Reads the value after a key or a hyphen: on the same line, or in lines that are indented further.
    private mutating func value(parent: Int, allowsSequenceAtParent: Bool) throws(SuiteProblem) -> SourceNode {
        skipInlineSpace()
        let start = position
        if current == UInt8(ascii: "&") {
            let name = try anchorName()
            openAnchors.append(name)
            let node = try value(parent: parent, allowsSequenceAtParent: allowsSequenceAtParent)
            openAnchors.removeLast()
            anchors[name] = node
            return node
        }
        guard isAtLineEnd else { return try inline(parent: parent) }
        try skipToContent()
        guard current != nil, !isDocumentMarker else { return try node(.scalar("", isPlain: true), at: start) }
        if column > parent { return try block(parent: parent) }
        if allowsSequenceAtParent, column == parent, isHyphen {
            try enter()
            defer { depth -= 1 }
            return try blockSequence(indent: parent)
        }
        return try node(.scalar("", isPlain: true), at: start)
    }

    /// Reads a value that starts on the current line after a key or a hyphen, or at the start of the document.
    private mutating func inline(parent: Int) throws(SuiteProblem) -> SourceNode {
        guard let byte = current else { return try node(.scalar("", isPlain: true), at: position) }
        switch byte {
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return try blockScalar(parent: parent)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let node = try flow()
            try requireLineEnd()
            return node
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let node = try quoted()
            try requireLineEnd()
            return node
        case UInt8(ascii: "*"):
            let node = try alias()
            try requireLineEnd()
            return node
        case UInt8(ascii: "-") where isHyphen:
            throw problem("A list starts on the line after its key.")
        default:
            try refuseIndicator(byte)
            return try plain(parent: parent)
        }
    }

    // MARK: - Anchors and nodes

    private mutating func anchorName() throws(SuiteProblem) -> String {
        let start = position
        position += 1
        while let byte = current, !byte.isYAMLSpace, !byte.isFlowIndicator { position += 1 }
        let name = String(decoding: file.bytes[(start + 1)..<position], as: UTF8.self)
        guard !name.isEmpty else { throw problem("The name of the anchor is missing.", at: start) }
        return name
    }

    mutating func alias() throws(SuiteProblem) -> SourceNode {
        let start = position
        let name = try anchorName()
        guard !openAnchors.contains(name) else {
            throw problem("The alias `*\(name)` is inside the value that it stands for.", at: start, name.count + 1)
        }
        guard let node = anchors[name] else {
            let advice = suggestion(for: name, among: Array(anchors.keys))
            throw problem("Unknown anchor `\(name)`.\(anchors.isEmpty ? "" : advice)", at: start, name.count + 1)
        }
        try count(node.weight, at: start)
        return node
    }

    private func merge(
        _ sources: [SourceNode],
        into entries: inout [SourceNode.Entry],
        _ known: [String: Int]
    ) throws(SuiteProblem) {
        guard !sources.isEmpty else { return }
        var names = Set(known.keys)
        for source in sources {
            var parts = [source]
            if case .sequence(let nodes) = source.content { parts = nodes }
            for part in parts {
                guard case .mapping(let others) = part.content else {
                    throw problem("`<<` takes a mapping or a list of mappings.", at: source.offset)
                }
                for entry in others where names.insert(entry.key).inserted { entries.append(entry) }
            }
        }
    }

    /// Refuses a second key with the same name.
    func note(_ key: String, _ offset: Int, in known: inout [String: Int]) throws(SuiteProblem) {
        if let first = known[key] {
            throw problem("Duplicate key `\(key)`, as on line \(file.place(of: first).line).", at: offset, key.count)
        }
        known[key] = offset
    }

    mutating func node(_ content: SourceNode.Content, at offset: Int) throws(SuiteProblem) -> SourceNode {
        try count(1, at: offset)
        let weight =
            switch content {
            case .scalar: 1
            case .sequence(let nodes): nodes.reduce(1) { $0 &+ $1.weight }
            case .mapping(let entries): entries.reduce(1) { $0 &+ $1.value.weight }
            }
        return SourceNode(content: content, offset: offset, weight: weight)
    }

    private mutating func count(_ weight: Int, at offset: Int) throws(SuiteProblem) {
        nodeCount += weight
        if nodeCount > Self.nodeLimit {
            throw problem("The file has more than \(Self.nodeLimit) values, aliases included.", at: offset)
        }
    }

    mutating func enter() throws(SuiteProblem) {
        depth += 1
        if depth > Self.depthLimit { throw problem("Values are nested more than \(Self.depthLimit) levels deep.") }
    }

    mutating func leave() { depth -= 1 }
}

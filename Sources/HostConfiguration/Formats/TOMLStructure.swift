/// A table of a TOML file that a header introduces, such as `[mcp_servers.github]`.
struct TOMLSection: Sendable {
    /// The keys of the header.
    var path: [String]
    /// Whether it is one of an array of tables.
    var isArray: Bool
    /// The bytes of the header's line, with its line ending.
    var header: Range<Int>
    /// The end of the last line with a key, or of the header.
    var end: Int
}

/// A key of a TOML file with its value.
struct TOMLStatement: Sendable {
    /// The keys from the root to the value.
    var path: [String]
    /// The bytes from the key to the end of the line, with its line ending.
    var line: Range<Int>
    /// The bytes of the value.
    var value: Range<Int>
    /// The index of the section; nil before the first header.
    var section: Int?
}

/// A table while a TOML file is read.
final class TOMLTable {
    /// How a table was defined, which decides what may be added to it.
    enum Origin {
        /// Named only as part of the path of another table.
        case implied
        /// By a header.
        case header
        /// By a key with dots.
        case dottedKey
        /// `{ … }`, which is complete.
        case inline
    }

    enum Value {
        case node(ConfigurationNode)
        case table(TOMLTable)
        case tables([TOMLTable])
    }

    var origin: Origin
    var start: Int
    private(set) var members: [(key: String, keyRange: Range<Int>, value: Value)] = []
    private var indices: [String: Int] = [:]

    init(_ origin: Origin, at start: Int) {
        self.origin = origin
        self.start = start
    }

    subscript(key: String) -> Value? {
        get { indices[key].map { members[$0].value } }
        set {
            guard let newValue, let index = indices[key] else { return }
            members[index].value = newValue
        }
    }

    func append(_ key: String, _ keyRange: Range<Int>, _ value: Value) {
        indices[key] = members.count
        members.append((key, keyRange, value))
    }

    /// The table as a value.
    var node: ConfigurationNode {
        let nodes = members.map { member in
            ConfigurationMember(
                key: member.key,
                keyRange: member.keyRange,
                value: Self.node(member.value, member.keyRange)
            )
        }
        let end = nodes.last?.value.range.upperBound ?? start
        return ConfigurationNode(content: .object(nodes), range: start..<max(start, end))
    }

    private static func node(_ value: Value, _ keyRange: Range<Int>) -> ConfigurationNode {
        switch value {
        case .node(let node): node
        case .table(let table): table.node
        case .tables(let tables): ConfigurationNode(content: .array(tables.map(\.node)), range: keyRange)
        }
    }
}

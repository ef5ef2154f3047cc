import JSON
public import MCPClient

/// The names that a target has listed, with what can be given to each: enough to complete a command line.
public struct ListedNames: Sendable, Hashable {
    /// A tool, a prompt, a resource or a template.
    public struct Entry: Sendable, Hashable {
        /// Its name or URI.
        public var name: String
        /// The first line of its description.
        public var description: String
        /// What can be given to it.
        public var arguments: [Argument]

        /// Creates an entry.
        public init(name: String, description: String = "", arguments: [Argument] = []) {
            self.name = name
            self.description = description
            self.arguments = arguments
        }
    }

    /// An argument of a tool or a prompt.
    public struct Argument: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// The first line of its description.
        public var description: String
        /// Its values, if they are a closed list.
        public var values: [String]

        /// Creates an argument.
        public init(name: String, description: String = "", values: [String] = []) {
            self.name = name
            self.description = description
            self.values = values
        }
    }

    /// The entries by kind; a kind that was not listed is missing.
    public var entries: [ListKind: [Entry]]

    /// Creates names.
    public init(_ entries: [ListKind: [Entry]] = [:]) {
        self.entries = entries
    }

    /// The most entries of a kind that are kept.
    private static let limit = 2000

    init(of connection: Connection) {
        entries = [:]
        for kind in ListKind.allCases {
            guard let surface = connection.surface(kind) else { continue }
            entries[kind] = surface.listing.items.prefix(Self.limit).compactMap { Entry($0.value(), kind) }
        }
    }
}

extension TesterSession {
    /// The names that the target of the latest connection has listed; nil if it has listed none.
    public var listedNames: ListedNames? {
        let names = connections.last.map(ListedNames.init)
        return names?.entries.isEmpty == false ? names : nil
    }
}

extension ListedNames.Entry {
    fileprivate init?(_ item: JSONValue, _ kind: ListKind) {
        guard let name = item[kind.identifier]?.string, !name.isEmpty else { return nil }
        self.init(
            name: name,
            description: firstLine(item["description"]?.string ?? item["title"]?.string),
            arguments: kind == .prompts
                ? (item["arguments"]?.array ?? []).compactMap { argument in
                    argument["name"]?.string.map {
                        .init(name: $0, description: firstLine(argument["description"]?.string))
                    }
                }
                : (item["inputSchema"]?["properties"]?.object?.members ?? []).map(ListedNames.Argument.init)
        )
    }
}

extension ListedNames.Argument {
    fileprivate init(_ property: JSONObject.Member) {
        let values: [String] =
            if property.value["type"] == "boolean" { ["true", "false"] } else {
                (property.value["enum"]?.array ?? []).compactMap {
                    $0.string ?? ($0.number == nil ? nil : $0.description)
                }
            }
        self.init(
            name: property.key,
            description: firstLine(property.value["description"]?.string),
            values: Array(values.prefix(100))
        )
    }
}

/// The beginning of a text, up to its first line feed.
private func firstLine(_ text: String?) -> String {
    let line = (text ?? "").split(whereSeparator: \.isNewline).first ?? ""
    return line.count > 80 ? "\(line.prefix(79))…" : String(line)
}

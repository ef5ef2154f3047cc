import MCP
import MCPClient
import MCPHTTPClient
import Tester

extension SuiteReader {
    /// The servers of a suite: one as `server`, or several by name as `servers`.
    mutating func servers(_ fields: Fields, _ node: SourceNode) -> [ServerDefinition] {
        if let server = fields["server"] {
            if let servers = fields["servers"] { add("`server` and `servers` exclude each other.", at: servers) }
            return definition("default", server).map { [$0] } ?? []
        }
        guard let servers = fields["servers"] else {
            let isMisspelled = ["server", "servers"].contains { hasMisspelled($0, in: node, SuiteKeys.suite) }
            if !isMisspelled {
                add("Missing `server`: what is tested, such as `server: {command: [python, server.py]}`.", at: node)
            }
            return []
        }
        guard let entries = mapping(servers, of: "servers by name") else { return [] }
        var definitions: [ServerDefinition] = []
        for entry in entries {
            if let definition = definition(entry.key, entry.value) { definitions.append(definition) }
        }
        if entries.isEmpty { add("`servers` is empty.", at: servers) }
        return definitions
    }

    private mutating func definition(_ name: String, _ node: SourceNode) -> ServerDefinition? {
        if case .scalar = node.content {
            guard let target = nonEmptyString(node, of: "The server") else { return nil }
            return ServerDefinition(name: name, place: place(of: node), way: .target(target))
        }
        guard let fields = fields(node, of: "a server", SuiteKeys.server) else { return nil }
        guard let way = way(fields, node) else { return nil }
        var server = ServerDefinition(name: name, place: place(of: node), way: way)
        if let node = fields["env"] {
            server.environment = Dictionary(texts(node, of: "env"), uniquingKeysWith: { $1 })
        }
        if let node = fields["headers"] {
            server.headers = texts(node, of: "headers").map { HTTPField($0.key, $0.value) }
        }
        if let node = fields["cwd"] { server.workingDirectory = string(node) }
        if let node = fields["protocol"], let text = protocolName(node) {
            server.era = EraChoice(text)
            if server.era == nil {
                add(
                    "Unknown protocol \"\(text)\". Use auto, legacy, modern or a revision: \(EraChoice.revisionNames).",
                    at: node
                )
            }
        }
        if let node = fields["transport"] {
            server.transport = choice(node, HTTPEndpoint.TransportChoice.self) ?? .auto
        }
        if let node = fields["connect_timeout"] { server.connectTimeout = duration(node) }
        if let node = fields["instances"] { readInstances(node, of: &server) }
        return server
    }

    /// Several processes are possible only if they are ours to start, and if no request depends on an earlier one.
    private mutating func readInstances(_ node: SourceNode, of server: inout ServerDefinition) {
        guard let count = integer(node, in: 1...8), count > 1 else { return }
        if case .target(let text) = server.way, TargetResolver.isURL(text) {
            add(
                "`instances` needs a server that is started here and speaks stdio: a URL is one address, "
                    + "whose processes cannot be distinguished.",
                at: node
            )
            return
        }
        guard server.era?.isStateless ?? true else {
            add("`instances` needs the stateless era. Use `protocol: modern`, or omit `protocol`.", at: node)
            return
        }
        server.instances = count
        if server.era == nil || server.era == .auto { server.era = .modern }
    }

    /// A revision looks like a date, which some editors do not quote.
    private mutating func protocolName(_ node: SourceNode) -> String? { string(node) }

    private mutating func way(_ fields: Fields, _ node: SourceNode) -> ServerDefinition.Way? {
        let given = ["command", "target", "url"].filter { fields[$0] != nil }
        guard given.count == 1 else {
            add(
                given.isEmpty
                    ? "A server needs `command`, `target` or `url`."
                    : "\(given.map { "`\($0)`" }.joined(separator: " and ")) exclude each other.",
                at: node
            )
            return nil
        }
        if let command = fields["command"] {
            if case .sequence(let nodes) = command.content {
                var words: [String] = []
                for node in nodes { words.append(word(node)) }
                if words.isEmpty { add("`command` is empty.", at: command) }
                return words.isEmpty ? nil : .command(words)
            }
            guard let line = nonEmptyString(command, of: "`command`") else { return nil }
            guard let words = CommandWords(line).words, !words.isEmpty else {
                add("The command line has a quote that is not closed.", at: command)
                return nil
            }
            return .command(words)
        }
        guard let node = fields["target"] ?? fields["url"] else { return nil }
        return nonEmptyString(node, of: fields["url"] == nil ? "`target`" : "`url`").map { .target($0) }
    }

    /// A word of a command, which may be a number.
    private mutating func word(_ node: SourceNode) -> String {
        guard case .scalar(let text, _) = node.content else {
            add("Expected a word of the command, got \(node.typeName).", at: node)
            return ""
        }
        return text.contains("${") ? expanded(node) : text
    }

    /// A mapping of texts; numbers and Booleans count as they are written.
    private mutating func texts(_ node: SourceNode, of what: String) -> [(key: String, value: String)] {
        guard let entries = mapping(node, of: what) else { return [] }
        var texts: [(key: String, value: String)] = []
        for entry in entries { texts.append((entry.key, word(entry.value))) }
        return texts
    }

    /// Whether a variable holds a secret.
    func isSecret(_ name: String) -> Bool {
        secretNames.contains(name) || SecretNames.isSecret(variable: name)
    }
}

extension EraChoice {
    /// Whether a connection with it can be one of the stateless era.
    var isStateless: Bool {
        switch self {
        case .auto, .modern: true
        case .legacy: false
        case .pinned(let revision): revision.era == .modern
        }
    }
}

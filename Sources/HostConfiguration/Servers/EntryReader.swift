import TextUtilities

/// Reads the servers of a file.
struct EntryReader {
    let document: ConfigurationDocument
    let host: Host
    let scope: Host.Scope?
    let path: String
    let project: String?
    let inputs: [InputDefinition]

    /// The servers at a path of keys, in their order; of several with the same name, the last one counts.
    func servers(at keys: [String]) throws(ConfigurationError) -> [ConfiguredServer] {
        guard let node = document.node(at: keys) else { return [] }
        guard let members = node.members else {
            throw ConfigurationError(
                "`\(keys.joined(separator: "."))`: expected an object of servers, got \(node.typeName)",
                at: node.range.lowerBound
            )
        }
        var servers: [ConfiguredServer] = []
        for member in members {
            var server = self.server(member)
            if let index = servers.firstIndex(where: { $0.name == member.key }) {
                server.note(
                    "`\(member.key)` is defined twice in this file; this one counts",
                    server.place,
                    isFatal: false
                )
                servers.remove(at: index)
            }
            servers.append(server)
        }
        return servers
    }

    private func server(_ member: ConfigurationMember) -> ConfiguredServer {
        var server = ConfiguredServer(
            name: member.key,
            hostID: host.id,
            hostName: host.name,
            scope: scope,
            path: path,
            place: document.text.place(at: member.keyRange.lowerBound),
            project: project,
            syntax: host.variables,
            inputs: inputs
        )
        guard let members = member.value.members else {
            server.note("expected an object, got \(member.value.typeName)", place(member.value), isFatal: true)
            return server
        }
        if host.readsStrictJSON, let found = document.firstExtension {
            let place = document.text.place(at: found.offset)
            server.note("\(host.name) rejects this file because of \(found.name) at \(place)", place, isFatal: false)
        }
        readProcess(member.value, &server)
        readURL(member.value, &server)
        readFlags(member.value, &server)
        if server.command == nil, server.url == nil, server.problems.allSatisfy({ !$0.isFatal }) {
            noteMissingTarget(members, &server)
        }
        noteUnknownKeys(members, &server)
        return server
    }

    private func place(_ node: ConfigurationNode) -> ConfigurationPlace {
        document.text.place(at: node.range.lowerBound)
    }

    // MARK: - Programs

    private func readProcess(_ entry: ConfigurationNode, _ server: inout ConfiguredServer) {
        var entry = entry
        if host.entries.hasNestedCommand, let command = entry["command"], command.members != nil {
            entry = command
            server.command = string("path", in: entry, &server)
        } else {
            server.command = string("command", in: entry, &server)
        }
        if server.command?.isEmpty == true, let node = entry["command"] {
            server.note("`command` is empty", place(node), isFatal: true)
        }
        server.arguments = strings("args", in: entry, &server)
        server.environment = pairs("env", in: entry, &server)
        server.workingDirectory = string("cwd", in: entry, &server)
        if host.entries.readsEnvironmentFile { server.environmentFile = string("envFile", in: entry, &server) }
        if let key = host.entries.forwardedVariablesKey, let node = entry[key] {
            // An element may be an object with `name` and `source`.
            server.forwardedVariables = (node.elements ?? []).compactMap { $0.string ?? $0["name"]?.string }
        }
    }

    // MARK: - URLs

    private func readURL(_ entry: ConfigurationNode, _ server: inout ConfiguredServer) {
        for (key, transport) in host.entries.urlKeys where server.url == nil {
            guard let url = string(key, in: entry, &server) else { continue }
            server.url = url
            server.transport = transport
        }
        server.headers = pairs(host.entries.headersKey, in: entry, &server)
        if let key = host.entries.variableHeadersKey {
            server.variableHeaders = pairs(key, in: entry, &server).map { ($0.name, "", $0.value) }
        }
        if let key = host.entries.tokenVariableKey, let variable = string(key, in: entry, &server) {
            server.variableHeaders.append(("Authorization", "Bearer ", variable))
        }
        guard let url = server.url else { return }
        if server.command != nil, let member = entry.member("command") {
            let place = document.text.place(at: member.keyRange.lowerBound)
            server.note("`command` and a URL exclude each other; the command counts", place, isFatal: false)
            server.url = nil
            server.transport = .stdio
        } else if !url.hasPrefix("http://"), !url.hasPrefix("https://"), !url.contains("$") {
            let key = host.entries.urlKeys.lazy.compactMap { entry.member($0.key) }.first
            server.note(
                "the URL does not begin with http:// or https://",
                document.text.place(at: key?.value.range.lowerBound ?? entry.range.lowerBound),
                isFatal: true
            )
        }
        readType(entry, &server)
    }

    private func readType(_ entry: ConfigurationNode, _ server: inout ConfiguredServer) {
        guard server.command == nil, let type = string("type", in: entry, &server), let node = entry["type"] else {
            return
        }
        switch type.lowercased() {
        case "http", "streamable-http", "streamable_http", "streamablehttp": server.transport = .http
        case "sse": server.transport = .sse
        case "stdio":
            server.note("`type` is stdio, but a URL is given", place(node), isFatal: false)
        default:
            server.note("unknown `type`; known are stdio, http and sse", place(node), isFatal: false)
        }
    }

    // MARK: - The rest

    private func readFlags(_ entry: ConfigurationNode, _ server: inout ConfiguredServer) {
        server.isDisabled = entry["disabled"]?.bool == true || entry["enabled"]?.bool == false
    }

    private func noteMissingTarget(_ members: [ConfigurationMember], _ server: inout ConfiguredServer) {
        let wanted = ["command"] + host.entries.urlKeys.map(\.key)
        let close = members.lazy.compactMap { member in
            wanted.contains(member.key) ? nil : nearest(member.key, among: wanted).map { (member, $0) }
        }.first
        if host.entries.hasExtensions, close == nil {
            server.note(
                "it is provided by an extension of \(host.name) and has no command here",
                server.place,
                isFatal: true
            )
            return
        }
        let names = wanted.map { "`\($0)`" }.joined(separator: " nor ")
        let hint = close.map { "; did you mean `\($0.1)` instead of `\($0.0.key)`?" } ?? ""
        let offset = close?.0.keyRange.lowerBound
        server.note(
            "it has neither \(names)\(hint)",
            offset.map { document.text.place(at: $0) } ?? server.place,
            isFatal: true
        )
    }

    private func noteUnknownKeys(_ members: [ConfigurationMember], _ server: inout ConfiguredServer) {
        let entries = host.entries
        let known =
            ["command", "args", "env", "cwd", "type", "disabled", "enabled", "timeout", "description", "name"]
            + entries.urlKeys.map(\.key) + entries.otherKeys
            + [
                entries.headersKey, entries.variableHeadersKey, entries.tokenVariableKey,
                entries.forwardedVariablesKey, entries.readsEnvironmentFile ? "envFile" : nil,
            ].compactMap(\.self)
        for member in members where !known.contains(member.key) {
            guard let close = nearest(member.key, among: known) else { continue }
            let place = document.text.place(at: member.keyRange.lowerBound)
            let hint = "unknown key `\(member.key)`; did you mean `\(close)`?"
            if server.problems.contains(where: { $0.place == place }) { continue }
            server.note(hint, place, isFatal: false)
        }
        if entries.headersKey != "headers", let member = members.first(where: { $0.key == "headers" }) {
            let place = document.text.place(at: member.keyRange.lowerBound)
            server.note("\(host.name) ignores `headers`; use `\(entries.headersKey)`", place, isFatal: false)
        }
    }

    // MARK: - Values

    private func string(_ key: String, in entry: ConfigurationNode, _ server: inout ConfiguredServer) -> String? {
        guard let node = entry[key] else { return nil }
        if case .null = node.content { return nil }
        guard let text = node.string else {
            server.note("`\(key)`: expected a string, got \(node.typeName)", place(node), isFatal: true)
            return nil
        }
        return text
    }

    private func strings(_ key: String, in entry: ConfigurationNode, _ server: inout ConfiguredServer) -> [String] {
        guard let node = entry[key] else { return [] }
        guard let elements = node.elements else {
            server.note("`\(key)`: expected an array of strings, got \(node.typeName)", place(node), isFatal: true)
            return []
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = text(of: element) else {
                server.note(
                    "`\(key)[\(index)]`: expected a string, got \(element.typeName)",
                    place(element),
                    isFatal: true
                )
                continue
            }
            if element.string == nil {
                server.note(
                    "`\(key)[\(index)]`: expected a string, got \(element.typeName)",
                    place(element),
                    isFatal: false
                )
            }
            strings.append(text)
        }
        return strings
    }

    private func pairs(
        _ key: String,
        in entry: ConfigurationNode,
        _ server: inout ConfiguredServer
    ) -> [(name: String, value: String)] {
        guard let node = entry[key] else { return [] }
        if case .null = node.content { return [] }
        guard let members = node.members else {
            server.note("`\(key)`: expected an object of strings, got \(node.typeName)", place(node), isFatal: true)
            return []
        }
        var pairs: [(name: String, value: String)] = []
        for member in members {
            let value = text(of: member.value)
            if member.value.string == nil {
                server.note(
                    "`\(key).\(member.key)`: expected a string, got \(member.value.typeName)",
                    place(member.value),
                    isFatal: value == nil
                )
            }
            guard let value else { continue }
            pairs.removeAll { $0.name == member.key }
            pairs.append((member.key, value))
        }
        return pairs
    }

    /// The text of a string, a number or a Boolean: the last two are wrong, but their meaning is plain.
    private func text(of node: ConfigurationNode) -> String? {
        switch node.content {
        case .string(let text), .number(let text): text
        case .bool(let value): String(value)
        default: nil
        }
    }
}

extension ConfiguredServer {
    mutating func note(_ message: String, _ place: ConfigurationPlace, isFatal: Bool) {
        problems.append(Problem(message: message, place: place, isFatal: isFatal))
    }
}

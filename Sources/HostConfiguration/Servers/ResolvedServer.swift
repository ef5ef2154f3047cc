import TextUtilities

/// A configured server with its references replaced.
public struct ResolvedServer: Sendable {
    /// A reference that has no value.
    public struct Missing: Sendable, Hashable {
        /// The reference as it is written, such as `${env:TOKEN}`.
        public var reference: String
        /// The part of the entry with it, such as `env.TOKEN`.
        public var part: String
        /// What is missing, as a clause such as "the variable TOKEN is not set".
        public var reason: String
    }

    /// The program.
    public var command: String?
    /// Its arguments.
    public var arguments: [String] = []
    /// Its variables.
    public var environment: [String: String] = [:]
    /// Its working directory.
    public var workingDirectory: String?
    /// The URL.
    public var url: String?
    /// The HTTP headers.
    public var headers: [(name: String, value: String)] = []
    /// The references without a value: the server cannot be used before they have one.
    public var missing: [Missing] = []
    /// References that the host passes on as they are written.
    public var literal: [Missing] = []
    /// The values of variables in arguments and URLs, which are shown in reports, with the variables' names.
    public var values: [(name: String, value: String)] = []

    /// Replaces the references of a server.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - surroundings: Where variables and paths come from.
    ///   - environment: Variables that replace those of the entry, whose references need no value then.
    ///   - headers: Names of headers that replace those of the entry, in lowercase.
    public init(
        _ server: ConfiguredServer,
        in surroundings: HostSurroundings,
        replacing environment: Set<String> = [],
        headers replacedHeaders: Set<String> = []
    ) {
        var resolver = VariableResolver(server, surroundings)
        command = server.command.map { resolver.text($0, in: "command") }
        arguments = server.arguments.enumerated().map { resolver.text($1, in: "args[\($0)]") }
        url = server.url.map { resolver.text($0, in: "url") }
        values = resolver.values
        workingDirectory = server.workingDirectory.map { resolver.path($0, in: "cwd") }
        if workingDirectory == nil, server.command != nil { workingDirectory = server.project }
        if let file = server.environmentFile {
            self.environment = resolver.variables(ofFile: resolver.path(file, in: "envFile"))
        }
        for name in server.forwardedVariables {
            if let value = surroundings.variable(name) { self.environment[name] = value }
        }
        for (name, value) in server.environment where !environment.contains(name) {
            self.environment[name] = resolver.text(value, in: "env.\(name)")
        }
        for (name, value) in server.headers where !replacedHeaders.contains(name.lowercased()) {
            headers.append((name, resolver.text(value, in: "headers.\(name)")))
        }
        for (name, prefix, variable) in server.variableHeaders where !replacedHeaders.contains(name.lowercased()) {
            if let value = surroundings.variable(variable), !value.isEmpty {
                headers.removeAll { $0.name.lowercased() == name.lowercased() }
                headers.append((name, prefix + value))
            } else {
                resolver.miss(variable, in: "the header \(name)", "the variable \(variable) is not set")
            }
        }
        missing = resolver.missing
        literal = resolver.literal
    }
}

/// Replaces references one text at a time.
struct VariableResolver {
    private let server: ConfiguredServer
    private let surroundings: HostSurroundings
    private(set) var missing: [ResolvedServer.Missing] = []
    private(set) var literal: [ResolvedServer.Missing] = []
    private(set) var values: [(name: String, value: String)] = []

    init(_ server: ConfiguredServer, _ surroundings: HostSurroundings) {
        self.server = server
        self.surroundings = surroundings
    }

    mutating func miss(_ reference: String, in part: String, _ reason: String) {
        missing.append(ResolvedServer.Missing(reference: reference, part: part, reason: reason))
    }

    /// A text with its references replaced; those without a value stay.
    mutating func text(_ text: String, in part: String) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        for piece in VariableText.parts(of: text, syntax: server.syntax) {
            switch piece {
            case .literal(let literal): result += literal
            case .reference(let reference, let written):
                result += value(of: reference, written: String(written), in: part) ?? String(written)
            }
        }
        return result
    }

    /// A path, relative to the project.
    mutating func path(_ text: String, in part: String) -> String {
        surroundings.absolute(self.text(text, in: part), from: server.project)
    }

    private mutating func value(of reference: VariableReference, written: String, in part: String) -> String? {
        switch reference {
        case .variable(let name, let defaultValue):
            if let value = surroundings.variable(name), !(value.isEmpty && defaultValue != nil) {
                values.append((name, value))
                return value
            }
            if let defaultValue { return text(defaultValue, in: part) }
            miss(written, in: part, "the variable \(name) is not set")
        case .editor(let name): return editorValue(name)
        case .input(let id): return input(id, written: written, in: part)
        case .file(let path):
            do throws(FileProblem) {
                let bytes = try ConfigurationFile.read(surroundings.absolute(path), limit: 1 << 20)
                let content = trimmed(String(decoding: bytes, as: UTF8.self))
                values.append((path, content))
                return content
            } catch {
                miss(written, in: part, "\(path): \(error)")
            }
        case .unknown(isLiteral: true):
            let reason = "\(server.hostName) does not replace it"
            literal.append(ResolvedServer.Missing(reference: written, part: part, reason: reason))
        case .unknown(isLiteral: false): miss(written, in: part, "only \(server.hostName) itself knows its value")
        }
        return nil
    }

    private mutating func input(_ id: String, written: String, in part: String) -> String? {
        guard let definition = server.inputs.first(where: { $0.id == id }) else {
            miss(written, in: part, "the file defines no input \"\(id)\"")
            return nil
        }
        if let value = definition.defaultValue, !value.isEmpty { return value }
        let description = definition.description.map { " (\($0))" } ?? ""
        miss(written, in: part, "\(server.hostName) asks for the input \"\(id)\"\(description) and keeps it to itself")
        return nil
    }

    private func editorValue(_ name: String) -> String {
        let folder = server.project ?? surroundings.directory
        return switch name {
        case "userHome": surroundings.home
        case "workspaceFolderBasename":
            String(folder[(folder.lastIndex(of: "/").map(folder.index(after:)) ?? folder.startIndex)...])
        case "pathSeparator", "/": "/"
        default: folder
        }
    }

    private func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }

    /// The variables of an environment file.
    mutating func variables(ofFile path: String) -> [String: String] {
        do throws(FileProblem) {
            let bytes = try ConfigurationFile.read(path, limit: 1 << 20)
            return DotEnv(String(decoding: bytes, as: UTF8.self), name: path).variables
        } catch {
            miss(surroundings.shortened(path), in: "envFile", "\(surroundings.shortened(path)): \(error)")
            return [:]
        }
    }
}

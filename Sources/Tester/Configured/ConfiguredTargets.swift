public import HostConfiguration
import JSON
import MCPHTTP
public import MCPHTTPClient
import TextUtilities

/// The servers in the configuration files of hosts, as targets.
///
/// Files are read when this is created, and never otherwise.
public struct ConfiguredTargets: Sendable {
    let scan: HostScan
    let surroundings: HostSurroundings
    /// The path of the file that the user named, as it is shown.
    let givenFile: String?

    /// Reads the files of all known hosts, or the given one.
    public init(config: String? = nil, in surroundings: HostSurroundings) {
        self.surroundings = surroundings
        givenFile = config.map { surroundings.shortened(surroundings.absolute($0)) }
        scan = config.map { HostScan($0, in: surroundings) } ?? HostScan(in: surroundings)
    }

    /// A target with what should be known about it before it is used.
    public struct Choice: Sendable {
        /// The target.
        public var target: Target
        /// Facts about the entry that its host would ignore or treat otherwise.
        public var findings: [Finding]
    }

    /// What the user gives beside the entry, and which replaces parts of it.
    public struct Replacements: Sendable {
        /// Environment variables.
        public var environment: [String: String]
        /// The working directory.
        public var workingDirectory: String?
        /// How a URL is reached, with headers; its URL is ignored.
        public var endpoint: HTTPEndpoint
        /// Whether a token replaces the Authorization header.
        public var hasToken: Bool

        /// Creates replacements.
        public init(
            environment: [String: String] = [:],
            workingDirectory: String? = nil,
            endpoint: HTTPEndpoint = HTTPEndpoint(url: ""),
            hasToken: Bool = false
        ) {
            self.environment = environment
            self.workingDirectory = workingDirectory
            self.endpoint = endpoint
            self.hasToken = hasToken
        }
    }

    /// The target of a configured server.
    ///
    /// - Parameters:
    ///   - name: Its name, or `host:name`; nil for the only server of a given file.
    ///   - replacements: What replaces parts of the entry.
    /// - Throws: ``Failure`` that says why there is none, with the file and the line.
    public func target(
        _ name: String?,
        replacing replacements: Replacements = Replacements()
    ) throws(Failure) -> Choice {
        let server = try find(name)
        if let problem = server.problems.first(where: \.isFatal) {
            throw unusable(server, problem.message, at: problem.place, nextStep: "Correct the entry in that file.")
        }
        var replaced = Set(replacements.endpoint.headers.map { $0.name.lowercased() })
        if replacements.hasToken { replaced.insert("authorization") }
        let resolved = ResolvedServer(
            server,
            in: surroundings,
            replacing: Set(replacements.environment.keys),
            headers: replaced
        )
        if let missing = resolved.missing.first { throw unresolved(server, missing, resolved.missing) }
        var target = try target(server, resolved, replacements)
        target.name = server.qualifiedName
        target.origin = source(of: server)
        target.configuredSecrets = resolved.values.filter { SecretNames.isSecret(variable: $0.name) }.map {
            Secret($0.value, .env)
        }
        return Choice(target: target, findings: findings(server, resolved))
    }

    private func target(
        _ server: ConfiguredServer,
        _ resolved: ResolvedServer,
        _ replacements: Replacements
    ) throws(Failure) -> Target {
        if let command = resolved.command {
            let environment = resolved.environment.merging(replacements.environment) { $1 }
            let directory = replacements.workingDirectory ?? resolved.workingDirectory
            try requireProgram(command, of: server, environment: environment, directory: directory)
            return Target(
                command: command,
                arguments: resolved.arguments,
                environment: environment,
                workingDirectory: directory
            )
        }
        var endpoint = replacements.endpoint
        endpoint.url = resolved.url ?? ""
        let given = endpoint.headers
        endpoint.headers =
            resolved.headers.map { HTTPField($0.name, $0.value) }.filter { header in
                !given.contains { $0.name.lowercased() == header.name.lowercased() }
            } + given
        if endpoint.transport == .auto {
            switch server.transport {
            case .http: endpoint.transport = .streamableHTTP
            case .sse: endpoint.transport = .sse
            case .stdio, .automatic: break
            }
        }
        return try Target(endpoint)
    }

    private func findings(_ server: ConfiguredServer, _ resolved: ResolvedServer) -> [Finding] {
        var messages = server.problems.map { "\($0.message) (\($0.place))" }
        messages += resolved.literal.map { "\($0.part): `\($0.reference)` stays as it is, because \($0.reason)" }
        if server.isDisabled { messages.append("\(server.hostName) does not start it: it is disabled") }
        return messages.map { Finding(.usage, "\(source(of: server)): \($0).") }
    }

    /// Where a server is defined, as `path:line`.
    func source(of server: ConfiguredServer) -> String {
        "\(surroundings.shortened(server.path)):\(server.place.line)"
    }
}

// MARK: - Looking up

extension ConfiguredTargets {
    /// The servers that count: without those that another definition of the same host replaces.
    var effective: [ConfiguredServer] { scan.servers.filter { $0.shadowedBy == nil } }

    private func find(_ name: String?) throws(Failure) -> ConfiguredServer {
        guard let name, !name.isEmpty else {
            if effective.count == 1, let only = effective.first { return only }
            guard !effective.isEmpty else { throw nothingConfigured }
            throw .usage(
                "\(givenFile ?? "The configuration") has \(effective.count) servers, and none is named.",
                nextStep: "Give one of: \(names)."
            )
        }
        let found = matches(name)
        guard let first = found.first else { throw unknown(name) }
        guard found.count > 1 else { return first }
        let choices = found.map { "\($0.qualifiedName) (\(source(of: $0)))" }
        throw .usage(
            "\(found.count) hosts have a server named \"\(name)\": \(found.map(\.hostName).joined(separator: ", ")).",
            nextStep: "Name the host as well: \(choices.joined(separator: " or "))."
        )
    }

    private func matches(_ name: String) -> [ConfiguredServer] {
        let exact = effective.filter { $0.name == name }
        if !exact.isEmpty { return exact }
        if let colon = name.firstIndex(of: ":"), let host = Host.named(String(name[..<colon])) {
            let rest = name[name.index(after: colon)...]
            let ofHost = effective.filter { $0.hostID == host.id && $0.name == rest }
            if !ofHost.isEmpty { return ofHost }
        }
        return effective.filter { $0.name.lowercased() == name.lowercased() || $0.qualifiedName == name }
    }

    private var names: String {
        let all = effective.map(\.name)
        let unique = all.enumerated().filter { index, name in !all[..<index].contains(name) }.map(\.element)
        let shown = unique.prefix(12).joined(separator: ", ")
        return unique.count > 12 ? "\(shown) and \(unique.count - 12) more" : shown
    }

    private func unknown(_ name: String) -> Failure {
        guard !effective.isEmpty else { return nothingConfigured }
        let candidates = effective.flatMap { [$0.name, $0.qualifiedName] }
        let close = nearest(name, among: candidates)
        let advice = close.map { "Did you mean \"\($0)\"? " } ?? ""
        return .usage(
            "No configured server is named \"\(name)\".\(brokenFileSentence)",
            nextStep: "\(advice)Configured servers: \(names)."
        )
    }

    private var nothingConfigured: Failure {
        let looked = givenFile ?? "the configuration files of \(Host.all.map(\.name).joined(separator: ", "))"
        let isMissing = givenFile != nil && scan.files.isEmpty
        return .usage(
            isMissing ? "\(looked) does not exist." : "No server is configured in \(looked).\(brokenFileSentence)",
            nextStep:
                "Give the server's URL, script path, or command instead\(givenFile == nil ? ", or `config`: the path of a file with servers" : "")."
        )
    }

    /// A sentence about files that could not be read, in which the server may be.
    private var brokenFileSentence: String {
        let faults = scan.files.compactMap { file in file.fault.map { "\(place(of: file, $0)): \($0.message)" } }
        return faults.isEmpty ? "" : " Could not read \(faults.joined(separator: "; "))."
    }

    func place(of file: HostScan.File, _ fault: HostScan.Fault) -> String {
        surroundings.shortened(file.path) + (fault.place.map { ":\($0)" } ?? "")
    }
}

// MARK: - Refusals

extension ConfiguredTargets {
    private func unusable(
        _ server: ConfiguredServer,
        _ reason: String,
        at place: ConfigurationPlace,
        nextStep: String
    ) -> Failure {
        let file = "\(surroundings.shortened(server.path)):\(place)"
        return Failure(
            .usage,
            .connectionFailed,
            "The entry \"\(server.name)\" of \(server.hostName) cannot be used: \(reason) (\(file)).",
            nextStep: nextStep,
            details: ["configured_in": .string(file)]
        )
    }

    private func unresolved(
        _ server: ConfiguredServer,
        _ first: ResolvedServer.Missing,
        _ all: [ResolvedServer.Missing]
    ) -> Failure {
        let others = all.count > 1 ? ", and \(all.count - 1) more" : ""
        let dot = first.part.firstIndex(of: ".")
        let name = dot.map { String(first.part[first.part.index(after: $0)...]) }
        let advice =
            if first.part.hasPrefix("env."), let name {
                "Set it in the environment, or pass the variable \(name) explicitly."
            } else if first.part.hasPrefix("headers."), let name {
                "Set it in the environment, or pass the header \(name) explicitly."
            } else {
                "Set it in the environment of mcp-test-mcp."
            }
        return Failure(
            .usage,
            .connectionFailed,
            "The entry \"\(server.name)\" of \(server.hostName) needs a value for `\(first.reference)` (\(first.part)): "
                + "\(first.reason)\(others) (\(source(of: server))).",
            nextStep: advice,
            details: ["unresolved": .array(all.map { .string($0.reference) })]
        )
    }

    private func requireProgram(
        _ command: String,
        of server: ConfiguredServer,
        environment: [String: String],
        directory: String?
    ) throws(Failure) {
        let search = CommandSearch(
            command,
            path: environment["PATH"] ?? surroundings.variable("PATH"),
            directory: directory ?? surroundings.directory
        )
        guard !search.isFound else { return }
        let advice = search.suggestion.map { "Did you mean `\($0)`? " } ?? ""
        let place = command.contains("/") ? "does not exist or is not executable" : "was not found in PATH"
        throw Failure(
            .spawn,
            .connectionFailed,
            "Could not start \"\(server.name)\" of \(server.hostName): `\(command)` \(place) (\(source(of: server))).",
            nextStep: "\(advice)Correct the command in that file, or install the program.",
            details: ["configured_in": .string(source(of: server))]
        )
    }
}

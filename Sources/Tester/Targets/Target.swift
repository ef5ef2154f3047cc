public import JSON
import MCPHTTP
public import MCPHTTPClient

/// A server under test: how the user named it, and how it is reached.
public struct Target: Sendable, Hashable {
    /// What the user wrote, with the secrets of a URL removed; safe to show.
    public var name: String
    /// How it is reached.
    public var kind: Kind
    /// Whether the user gave HTTP headers.
    public var headersProvided = false
    /// The file and line of a configured server, such as `~/.cursor/mcp.json:12`.
    public var origin: String?
    /// Secrets of the configuration that are not recognized by a name.
    var configuredSecrets: [Secret] = []

    /// The kinds of targets.
    public enum Kind: Sendable, Hashable {
        /// A program that is started and used over its standard streams.
        case process(TargetProcess)
        /// A running server that is used over HTTP.
        case http(HTTPEndpoint)
    }

    /// Creates a target that is started by a command.
    public init(
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        name: String? = nil,
        choice: String? = nil
    ) {
        self.name = name ?? ([command] + ArgumentSecrets(arguments).shown).joined(separator: " ")
        kind = .process(
            TargetProcess(
                command: command,
                arguments: arguments,
                environment: environment,
                workingDirectory: workingDirectory,
                choice: choice
            )
        )
    }

    /// Creates a target that is reached by a URL.
    ///
    /// A URL whose path ends in `/sse` is used with HTTP+SSE, unless the endpoint names its transport.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the URL is malformed.
    public init(_ endpoint: HTTPEndpoint) throws(Failure) {
        let url = try HTTPURL(target: endpoint.url)
        var endpoint = endpoint
        if endpoint.transport == .auto, url.path.hasSuffix("/sse") { endpoint.transport = .sse }
        name = Redaction.reference(String(endpoint.url.prefix { $0 != "#" }))
        kind = .http(endpoint)
        headersProvided = !endpoint.headers.isEmpty
    }

    /// The target with another limit for its process to exit by itself, for operations that judge the exit.
    package func granting(exit limit: Duration) -> Target {
        guard case .process(var process) = kind else { return self }
        process.exitLimit = limit
        var target = self
        target.kind = .process(process)
        return target
    }

    /// The process; `nil` for a URL.
    public var process: TargetProcess? {
        if case .process(let process) = kind { process } else { nil }
    }

    /// The endpoint; `nil` for a process.
    public var endpoint: HTTPEndpoint? {
        if case .http(let endpoint) = kind { endpoint } else { nil }
    }

    /// What may be shown of it: the names of variables and headers, not their values.
    public var json: JSONObject {
        var object =
            switch kind {
            case .process(let process): process.json
            case .http(let endpoint): endpoint.json(url: shownURL ?? name)
            }
        if let origin { object["configured_in"] = .string(origin) }
        return object
    }

    /// The URL without its secrets; `nil` for a process.
    private var shownURL: String? {
        endpoint.map { Redaction.reference(String($0.url.prefix { $0 != "#" })) }
    }

    /// A warning for every verdict, such as that certificates are not verified.
    public var caution: String? {
        guard let endpoint, !endpoint.tls.verifies, endpoint.url.lowercased().hasPrefix("https:") else { return nil }
        return "certificate NOT verified"
    }
}

/// The command that starts a server.
public struct TargetProcess: Sendable, Hashable {
    /// The program.
    public var command: String
    /// Its arguments.
    public var arguments: [String]
    /// Environment variables in addition to the inherited ones; values may be secret and are never shown.
    public var environment: [String: String]
    /// The directory it is started in (default: ours).
    public var workingDirectory: String?
    /// Why this program was chosen, if the user named only a file.
    public var choice: String?
    /// How long it may take to exit after the end of its input; nil for the limit of the transport.
    var exitLimit: Duration?

    var json: JSONObject {
        var object: JSONObject = [
            "command": .string(command), "args": .array(ArgumentSecrets(arguments).shown.map(JSONValue.string)),
        ]
        if let workingDirectory { object["cwd"] = .string(workingDirectory) }
        if !environment.isEmpty { object["env_names"] = .array(environment.keys.sorted().map(JSONValue.string)) }
        if let choice { object["interpreter"] = .string(choice) }
        return object
    }
}

extension HTTPEndpoint {
    fileprivate func json(url: String) -> JSONObject {
        var object: JSONObject = ["url": .string(url), "transport": .string(transport.rawValue)]
        if !headers.isEmpty { object["header_names"] = .array(headers.map { .string($0.name) }) }
        if let authorities = tls.authorities { object["ca"] = .string(authorities) }
        if !tls.verifies { object["tls_verified"] = false }
        if followsRedirects { object["follows_redirects"] = true }
        return object
    }
}

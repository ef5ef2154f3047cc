public import JSON
import MCPHTTP
public import MCPHTTPClient

/// A server under test, as the user named it and as it will be reached.
public struct Target: Sendable, Hashable {
    /// What the user wrote, for answers; of a URL without what may be secret in it.
    public var name: String
    /// How it is reached.
    public var kind: Kind
    /// Whether the user gave headers of their own for it.
    public var headersProvided = false

    /// The ways to reach a server.
    public enum Kind: Sendable, Hashable {
        /// It is started, and spoken to over its standard streams.
        case process(TargetProcess)
        /// It runs somewhere, and is spoken to over HTTP.
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
        self.name = name ?? ([command] + arguments).joined(separator: " ")
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
    /// A URL whose path ends in `/sse` is taken for one of HTTP+SSE, unless the endpoint names its transport.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what is wrong with the URL.
    public init(_ endpoint: HTTPEndpoint) throws(Failure) {
        let url = try HTTPURL(target: endpoint.url)
        var endpoint = endpoint
        if endpoint.transport == .auto, url.path.hasSuffix("/sse") { endpoint.transport = .sse }
        name = Redaction.reference(String(endpoint.url.prefix { $0 != "#" }))
        kind = .http(endpoint)
        headersProvided = !endpoint.headers.isEmpty
    }

    /// The process, if it is one.
    public var process: TargetProcess? {
        if case .process(let process) = kind { process } else { nil }
    }

    /// The endpoint, if it is reached over HTTP.
    public var endpoint: HTTPEndpoint? {
        if case .http(let endpoint) = kind { endpoint } else { nil }
    }

    /// What may be shown of it: names of variables and headers, not their values.
    public var json: JSONObject {
        switch kind {
        case .process(let process): process.json
        case .http(let endpoint): endpoint.json(url: name)
        }
    }

    /// A word of warning about the way to it, for every answer.
    public var caution: String? {
        guard let endpoint, !endpoint.tls.verifies, endpoint.url.lowercased().hasPrefix("https:") else { return nil }
        return "certificate NOT verified"
    }
}

/// A server that is started, and the command that starts it.
public struct TargetProcess: Sendable, Hashable {
    /// The program.
    public var command: String
    /// Its arguments.
    public var arguments: [String]
    /// Variables that are set beside those it inherits; they may hold secrets and are never shown.
    public var environment: [String: String]
    /// The directory it is started in; ours if there is none.
    public var workingDirectory: String?
    /// Why this program was chosen, where the user named only a file.
    public var choice: String?

    var json: JSONObject {
        var object: JSONObject = ["command": .string(command), "args": .array(arguments.map(JSONValue.string))]
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

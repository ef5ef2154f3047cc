/// A server as a configuration file defines it, with its references to variables.
public struct ConfiguredServer: Sendable {
    /// How a server is reached.
    public enum Transport: String, Sendable {
        case stdio
        /// Streamable HTTP.
        case http
        /// HTTP+SSE.
        case sse
        /// HTTP; the server decides.
        case automatic = "auto"
    }

    /// Something about an entry that its host rejects or ignores.
    public struct Problem: Sendable, Hashable {
        /// What is wrong; it repeats no value.
        public var message: String
        /// Where.
        public var place: ConfigurationPlace
        /// Whether the server cannot be started because of it.
        public var isFatal: Bool
    }

    /// The name.
    public let name: String
    /// The id of the host, such as `cursor`; `file` for a file of no known host.
    public let hostID: String
    /// The host's name for people.
    public let hostName: String
    /// For whom it is defined.
    public let scope: Host.Scope?
    /// The absolute path of the file.
    public let path: String
    /// Where in the file its name is.
    public let place: ConfigurationPlace
    /// The directory that `${workspaceFolder}` and relative paths mean; nil outside of a project.
    public let project: String?

    /// How it is reached.
    public internal(set) var transport = Transport.stdio
    /// The program.
    public internal(set) var command: String?
    /// The program's arguments.
    public internal(set) var arguments: [String] = []
    /// The program's variables; values may be secret.
    public internal(set) var environment: [(name: String, value: String)] = []
    /// The names of variables that are passed on.
    public internal(set) var forwardedVariables: [String] = []
    /// A file with more variables.
    public internal(set) var environmentFile: String?
    /// The program's working directory.
    public internal(set) var workingDirectory: String?
    /// The URL.
    public internal(set) var url: String?
    /// HTTP headers; values may be secret.
    public internal(set) var headers: [(name: String, value: String)] = []
    /// HTTP headers whose values are in variables.
    public internal(set) var variableHeaders: [(name: String, prefix: String, variable: String)] = []
    /// Whether the host does not start it.
    public internal(set) var isDisabled = false
    /// The file of the definition that the host prefers, as `path:line`, if there is one.
    public internal(set) var shadowedBy: String?
    /// What is wrong with the entry.
    public internal(set) var problems: [Problem] = []

    let syntax: VariableSyntax
    let inputs: [InputDefinition]

    /// The name that is unique among all hosts.
    public var qualifiedName: String { "\(hostID):\(name)" }
}

/// A value that VS Code asks its user for.
struct InputDefinition: Sendable {
    var id: String
    var description: String?
    var defaultValue: String?
}

/// A program that starts MCP servers from its configuration files.
public struct Host: Sendable {
    /// The name in commands and arguments, such as `claude-code`.
    public let id: String
    /// The name for people, such as "Claude Code".
    public let name: String
    /// The command that starts it; nil if it has none.
    public var program: String?
    /// Whether the servers that it starts are found in the `PATH` of a shell.
    public var readsShellPath = true
    /// The format of its files.
    public let format: ConfigurationDocument.Format
    /// Whether it rejects comments and trailing commas.
    var readsStrictJSON = false
    /// Where its files are.
    ///
    /// If two define a server with the same name, the first one counts.
    var locations: [HostLocation]
    /// How an entry of a server looks.
    var entries = EntryFormat()
    /// The references to variables that it replaces.
    var variables: VariableSyntax = []
    /// The members of our own entry before `command`.
    var entryPrefix: [(key: String, value: String)] = []

    /// Where a server is defined, from the most to the least specific.
    public enum Scope: String, Sendable {
        /// For one user in one project.
        case local
        /// For everyone who works on a project.
        case project
        /// For one user.
        case user
        /// For all users of the machine.
        case system
    }

    /// The host with an id, a name or a usual abbreviation.
    public static func named(_ text: String) -> Host? {
        let wanted = text.lowercased().filter { $0.isLetter || $0.isNumber }
        let aliases = [
            "claude": "claudedesktop", "code": "vscode", "gemini": "geminicli", "visualstudiocode": "vscode",
        ]
        let key = aliases[wanted] ?? wanted
        return all.first { host in
            [host.id, host.name].contains { $0.lowercased().filter { $0.isLetter || $0.isNumber } == key }
        }
    }

    /// The host whose file a path names, such as `.vscode/mcp.json`, and its locations there; nil if none is known by it.
    static func owner(of path: String) -> (host: Host, locations: [HostLocation])? {
        for host in all {
            let locations = host.locations.filter { location in
                let ending = location.path.drop { $0 != "}" && $0 != "~" }.dropFirst()
                return !ending.isEmpty && path.hasSuffix(ending)
            }
            if !locations.isEmpty { return (host, locations) }
        }
        return nil
    }
}

/// One file in which a host looks for servers.
struct HostLocation: Sendable {
    var scope: Host.Scope
    /// The path, which begins with `~` or a placeholder of ``HostSurroundings``.
    var path: String
    /// The path only on macOS, if it differs.
    var macPath: String?
    /// The keys from the root to the object of servers; `{project}` is the path of the project.
    var keys: [String]
    /// The keys from the root to the definitions of inputs.
    var inputKeys: [String] = []
}

/// How a server looks in a file.
struct EntryFormat: Sendable {
    /// The keys of a URL with the transports that they mean.
    var urlKeys: [(key: String, transport: ConfiguredServer.Transport)] = [("url", .automatic)]
    var headersKey = "headers"
    /// The key of headers whose values are names of variables.
    var variableHeadersKey: String?
    /// The key of the name of a variable with a bearer token.
    var tokenVariableKey: String?
    /// The key of the names of variables that are passed on.
    var forwardedVariablesKey: String?
    /// Whether `envFile` names a file with variables.
    var readsEnvironmentFile = false
    /// Whether the command may be an object with `path`, `args` and `env`.
    var hasNestedCommand = false
    /// Whether an entry without command and URL configures an extension.
    var hasExtensions = false
    /// Other keys that are known, so that they are not taken for misspelled ones.
    var otherKeys: [String] = []
}

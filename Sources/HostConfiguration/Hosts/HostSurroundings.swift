import Platform

/// What the paths and variables of configuration files refer to.
public struct HostSurroundings: Sendable {
    /// The user's home directory.
    public var home: String
    /// The working directory.
    public var directory: String
    /// The value of an environment variable.
    public var variable: @Sendable (_ name: String) -> String?
    /// Whether macOS's folders are used.
    public var isMac: Bool

    /// Creates surroundings.
    public init(
        home: String,
        directory: String,
        isMac: Bool = false,
        variable: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.home = home
        self.directory = directory
        self.isMac = isMac
        self.variable = variable
    }

    /// Those of this process.
    public static var process: HostSurroundings {
        let variable: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
        var directory = "/"
        if let buffer = getcwd(nil, 0) {
            directory = String(cString: buffer)
            free(buffer)
        }
        #if os(macOS)
        let isMac = true
        #else
        let isMac = false
        #endif
        return HostSurroundings(home: variable("HOME") ?? "/", directory: directory, isMac: isMac, variable: variable)
    }

    /// A path with the home directory as `~`, which is shorter and does not name the user.
    public func shortened(_ path: String) -> String {
        home.count > 1 && path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
    }

    /// An absolute path; a relative one is taken from the working directory.
    public func absolute(_ path: String, from base: String? = nil) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/") { return home + path.dropFirst() }
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return joined(base ?? directory, String(rest))
    }

    private func joined(_ base: String, _ rest: String) -> String {
        base.hasSuffix("/") ? base + rest : "\(base)/\(rest)"
    }

    // MARK: - Projects

    /// The working directory and those above it, up to the root of the repository; only itself outside of one.
    ///
    /// Directories beyond may belong to others, whose files must not name the programs that we start.
    var projects: [String] {
        var candidates: [String] = []
        var path = directory
        while true {
            candidates.append(path)
            if Self.exists(joined(path, ".git")) { return candidates }
            guard let slash = path.lastIndex(of: "/"), path != "/", path != home else { return [directory] }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// The paths at which a file may be, with the project's directory for files of a project.
    func candidates(for location: HostLocation) -> [(path: String, project: String?)] {
        let template = (isMac ? location.macPath : nil) ?? location.path
        if template.hasPrefix("{project}") {
            return projects.map { (joined($0, String(template.dropFirst("{project}/".count))), $0) }
        }
        return [(expanded(template), nil)]
    }

    /// The paths of all files in which a host looks for servers.
    public func files(of host: Host) -> [String] {
        var paths: [String] = []
        for path in host.locations.flatMap({ candidates(for: $0).map(\.path) }) where !paths.contains(path) {
            paths.append(path)
        }
        return paths
    }

    private func expanded(_ template: String) -> String {
        guard template.hasPrefix("{"), let end = template.firstIndex(of: "}") else { return absolute(template) }
        let rest = template[template.index(after: end)...]
        let configuration = set("XDG_CONFIG_HOME") ?? "\(home)/.config"
        let base =
            switch template[..<end].dropFirst() {
            case "config": isMac ? "\(home)/.config" : configuration
            case "appdata": isMac ? "\(home)/Library/Application Support" : configuration
            case "codex": set("CODEX_HOME") ?? "\(home)/.codex"
            case "claude": set("CLAUDE_CONFIG_DIR") ?? home
            default: home
            }
        return base + rest
    }

    private func set(_ name: String) -> String? {
        variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }
}

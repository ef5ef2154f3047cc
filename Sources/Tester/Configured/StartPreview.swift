public import HostConfiguration
public import JSON
import Platform

/// What would be started for a target, and what would go wrong; nothing is started.
public struct StartPreview: Sendable {
    /// Something that prevents a start, and what to do about it.
    public struct Problem: Sendable, Hashable {
        /// What is wrong.
        public var message: String
        /// The one thing to do.
        public var fix: String

        /// Creates a problem.
        public init(_ message: String, fix: String) {
            self.message = message
            self.fix = fix
        }
    }

    /// The name of the target.
    public var name: String
    /// What would be started, without secrets: program, arguments, working directory, names of variables; or the URL.
    public var facts: JSONObject
    /// What prevents the start.
    public var problems: [Problem]

    /// Looks at a target.
    public init(_ target: Target, in surroundings: HostSurroundings) {
        name = target.name
        facts = target.json
        problems = []
        guard let process = target.process else { return }
        let directory = surroundings.absolute(process.workingDirectory ?? surroundings.directory)
        facts["cwd"] = .string(directory)
        let search = CommandSearch(
            process.command,
            path: process.environment["PATH"] ?? surroundings.variable("PATH"),
            directory: directory
        )
        if let path = search.path {
            facts["program"] = .string(path)
        } else {
            let place = process.command.contains("/") ? "does not exist or is not executable" : "was not found in PATH"
            problems.append(
                Problem(
                    "`\(process.command)` \(place).",
                    fix: search.suggestion.map { other in
                        Self.isTypingError(of: other, process.command) ? "Use `\(other)`." : Self.install
                    } ?? Self.install
                )
            )
        }
        if !Self.isDirectory(directory) {
            problems.append(
                Problem("The working directory \(directory) does not exist.", fix: "Create it, or correct `cwd`.")
            )
        } else if let script = process.arguments.first(where: Self.isScript),
            case let path = surroundings.absolute(script, from: directory), access(path, F_OK) != 0
        {
            problems.append(
                Problem(
                    "The script \(script) does not exist in \(surroundings.shortened(directory)).",
                    fix: "Correct the path, or give a working directory that it is relative to."
                )
            )
        }
    }

    private static let install = "Install it, or give its full path."

    /// Whether a command is likely meant as another one: not if both are short, or if it is one that people install.
    private static func isTypingError(of other: String, _ command: String) -> Bool {
        command.contains("/") || command.count > 3 && !["bunx", "deno", "node", "pipx", "uvx"].contains(command)
            || other.hasPrefix(command)
    }

    /// A target that cannot be resolved.
    public init(_ failure: Failure, of name: String, from origin: String?) {
        self.name = name
        facts = origin.map { ["configured_in": .string($0)] } ?? [:]
        problems = [Problem(failure.message, fix: failure.nextStep)]
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether an argument can only be the path of a script.
    private static func isScript(_ argument: String) -> Bool {
        !argument.hasPrefix("-") && !argument.contains("://")
            && [".py", ".js", ".mjs", ".cjs", ".ts"].contains { argument.hasSuffix($0) }
    }
}

extension ConfiguredTargets {
    /// What would be started for each server that counts; disabled ones are not started by their host either.
    public var previews: [StartPreview] {
        effective.filter { !$0.isDisabled }.map { server in
            do throws(Failure) {
                return StartPreview(try target(server.qualifiedName).target, in: surroundings)
            } catch {
                return StartPreview(error, of: server.qualifiedName, from: source(of: server))
            }
        }
    }

    /// The files that cannot be read, with what is wrong.
    public var brokenFiles: [(place: String, hostName: String, message: String)] {
        scan.files.compactMap { file in file.fault.map { (place(of: file, $0), file.hostName, $0.message) } }
    }

    /// The entries of a host whose command is a program with a name, such as our own, with file and line.
    public func entries(of program: String, in host: Host) -> [(server: ConfiguredServer, source: String)] {
        effective.filter { server in
            server.hostID == host.id && server.command?.split(separator: "/").last.map(String.init) == program
        }
        .map { ($0, source(of: $0)) }
    }

    /// The files of a host that exist.
    public func files(of host: Host) -> [String] {
        scan.files.filter { $0.hostID == host.id }.map { surroundings.shortened($0.path) }
    }
}

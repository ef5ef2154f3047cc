import JSON
import MCPHTTP
public import MCPHTTPClient
import Platform

/// Decides how to reach a server that a user named by a URL, a path or a command line.
///
/// `demo` is the built-in server, which the running program itself serves. `http://` and `https://` are URLs.
///
/// A `.py` file is run by its own interpreter: the one in its first line, else that of the nearest virtual environment,
/// else `python3`. A `.js`, `.mjs`, `.cjs`, `.ts` or `.mts` file is run by node. Any other file must be executable.
/// Text that names no file and has several words is a command with its arguments.
public struct TargetResolver: Sendable {
    /// The directory that relative paths are resolved against.
    public var directory: String
    /// The program that serves the demo server if started with the argument `demo`.
    public var executable: String

    /// Creates a resolver.
    ///
    /// - Parameters:
    ///   - directory: The directory for relative paths (default: the working directory).
    ///   - executable: The program that serves the demo server (default: the running program).
    public init(directory: String? = nil, executable: String = OwnExecutable.path) {
        self.directory = directory ?? Self.currentDirectory
        self.executable = executable
    }

    /// Creates the target that a user named; may block, because it looks at files.
    ///
    /// - Throws: ``Failure`` that says what is wrong with the text and what to try.
    public func resolve(
        _ text: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        endpoint: HTTPEndpoint = HTTPEndpoint(url: "")
    ) throws(Failure) -> Target {
        guard !text.isEmpty else {
            throw .usage(
                "The target is empty.",
                nextStep: "Give the server's URL, its script path, or its command and arguments."
            )
        }
        if text == "demo" {
            return Target(
                command: executable,
                arguments: ["demo"] + arguments,
                environment: environment,
                workingDirectory: workingDirectory,
                name: text
            )
        }
        if Self.isURL(text) {
            var endpoint = endpoint
            endpoint.url = text
            return try Target(endpoint)
        }
        let path = absolute(text, in: workingDirectory ?? directory)
        let status = FileStatus(path)
        guard status.exists else {
            return try command(text, path, arguments, environment, workingDirectory)
        }
        guard !status.isDirectory else { throw isDirectory(text, path) }
        // Reading a named pipe could wait forever.
        guard status.isRegular else { throw isNotAFile(path) }
        let (command, leading, choice) = try interpreter(of: path, isExecutable: status.isExecutable)
        return Target(
            command: command,
            arguments: leading + arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            name: text,
            choice: choice
        )
    }

    /// Whether a text is meant as a URL, even if it is malformed.
    ///
    /// A file name may contain a colon, but no server's file is called `http:`.
    public static func isURL(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon]
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }) else {
            return false
        }
        return text[colon...].hasPrefix("://") || ["http", "https"].contains(scheme.lowercased())
    }

    /// Reads a text that names no file as a command with arguments, such as `uv run server.py`.
    private func command(
        _ text: String,
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ workingDirectory: String?
    ) throws(Failure) -> Target {
        guard text.contains(where: \.isWhitespace) else { throw missing(text, path) }
        guard let words = CommandWords(text).words, let program = words.first else {
            throw .usage(
                "The command line has a quote that is not closed.",
                nextStep: "Close the quote, or give the command and its arguments separately."
            )
        }
        return Target(
            command: program,
            arguments: words.dropFirst() + arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            name: text
        )
    }

    // MARK: - Interpreters

    private func interpreter(
        of path: String,
        isExecutable: Bool
    ) throws(Failure) -> (command: String, arguments: [String], choice: String?) {
        switch Self.suffix(of: path) {
        case "py":
            if let shebang = Shebang(path) {
                return (shebang.command, shebang.arguments + [path], "\(shebang.line) (from the shebang line)")
            }
            if let python = virtualEnvironment(near: path) {
                return (python, [path], "\(python) (the nearest virtual environment)")
            }
            return ("python3", [path], "python3 (no shebang line, no virtual environment)")
        case "js", "mjs", "cjs": return ("node", [path], "node")
        case "ts", "mts": return ("node", ["--experimental-strip-types", path], "node, with types stripped")
        default:
            guard isExecutable else {
                throw Failure(
                    .spawn,
                    .connectionFailed,
                    "`\(path)` is not executable, and no interpreter is known for its file name.",
                    nextStep:
                        "Make it executable (chmod +x), or give its interpreter as the command and the file as an argument.",
                    details: ["path": .string(path)]
                )
            }
            return (path, [], nil)
        }
    }

    /// The interpreter of a `.venv` or `venv` in the file's directory or one above it.
    func virtualEnvironment(near path: String) -> String? {
        var directory = Self.parent(of: path)
        while true {
            for name in [".venv", "venv"] {
                let python = (directory == "/" ? "" : directory) + "/\(name)/bin/python"
                if FileStatus(python).isExecutable { return python }
            }
            guard directory != "/" else { return nil }
            directory = Self.parent(of: directory)
        }
    }

    // MARK: - Refusals

    private func missing(_ text: String, _ path: String) -> Failure {
        // It may be a URL without a scheme, whose secrets are not repeated.
        let shown = Redaction.reference(Redaction.malformedURL(text))
        let path = shown == text ? path : shown
        let looksLikeCommand = !text.contains("/") && Self.suffix(of: text).isEmpty
        let advice =
            if Self.namesPort(text) {
                "If a server listens there, write http://\(shown)."
            } else if looksLikeCommand {
                "If `\(shown)` is a command, give it as the command instead of the path."
            } else {
                "Check the path. Relative paths are resolved against the working directory (\(directory))."
            }
        return Failure(
            .spawn,
            .connectionFailed,
            "`\(path)` does not exist.",
            nextStep: advice,
            details: ["path": .string(path)]
        )
    }

    /// Whether a text begins like `localhost:8000`.
    private static func namesPort(_ text: String) -> Bool {
        let place = text.prefix { $0 != "/" }
        guard let colon = place.lastIndex(of: ":"), colon != place.startIndex else { return false }
        return Int(place[place.index(after: colon)...]).map { (1...65535).contains($0) } ?? false
    }

    private func isDirectory(_ text: String, _ path: String) -> Failure {
        Failure(
            .spawn,
            .connectionFailed,
            "`\(path)` is a directory, not a server.",
            nextStep: "Give the file that starts the server, such as its main script or executable.",
            details: ["path": .string(path)]
        )
    }

    private func isNotAFile(_ path: String) -> Failure {
        Failure(
            .spawn,
            .connectionFailed,
            "`\(path)` is a pipe, a socket or a device, not a file.",
            nextStep: "Give the file that starts the server, such as its main script or executable.",
            details: ["path": .string(path)]
        )
    }

    // MARK: - Paths

    private func absolute(_ path: String, in base: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") {
            return String(cString: home) + path.dropFirst()
        }
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return (base.hasSuffix("/") ? base : base + "/") + rest
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    private static func suffix(of path: String) -> String {
        let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private static var currentDirectory: String {
        guard let buffer = getcwd(nil, 0) else { return "/" }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}

/// What a path names.
private struct FileStatus {
    var exists = false
    var isDirectory = false
    var isRegular = false
    var isExecutable = false

    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        exists = true
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isExecutable = !isDirectory && access(path, X_OK) == 0
    }
}

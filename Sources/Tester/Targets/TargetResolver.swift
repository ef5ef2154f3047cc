import JSON
import MCPHTTP
public import MCPHTTPClient
import Platform
import TextUtilities

/// Finds out how to reach the server that a user named by a URL or a path.
///
/// `http://` and `https://` are URLs; what they need beside goes with them as an endpoint.
///
/// A `.py` file is run by its own interpreter: the one its first line names, else that of the nearest virtual
/// environment, else `python3`. A `.js`, `.mjs`, `.cjs` or `.ts` file is run by node. Anything else must be executable.
/// What names no file but has several words is taken for a command with its arguments.
public struct TargetResolver: Sendable {
    /// The directory that relative paths begin at.
    public var directory: String

    /// Creates a resolver; without a directory it is the one we run in.
    public init(directory: String? = nil) {
        self.directory = directory ?? Self.currentDirectory
    }

    /// Makes a target of what a user wrote.
    ///
    /// - Throws: ``Failure`` that says what is wrong with the path and what to try.
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
                nextStep: "Name a server by its URL or its path, or give its command and arguments."
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

    /// Tells whether a text is meant as a URL, also one that is written wrongly.
    ///
    /// A file may have a colon in its name, but no server's file is called `http:`.
    public static func isURL(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon]
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }) else {
            return false
        }
        return text[colon...].hasPrefix("://") || ["http", "https"].contains(scheme.lowercased())
    }

    /// Takes a text that names no file for a command with arguments, such as `uv run server.py`.
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
                "\(text) names no file, and as a command it has a quote that is not closed.",
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
                return (shebang.command, shebang.arguments + [path], "\(shebang.line) (the file's first line)")
            }
            if let python = virtualEnvironment(near: path) {
                return (python, [path], "\(python) (the nearest virtual environment)")
            }
            return ("python3", [path], "python3 (no first line and no virtual environment names another)")
        case "js", "mjs", "cjs": return ("node", [path], "node")
        case "ts", "mts": return ("node", ["--experimental-strip-types", path], "node with types stripped")
        default:
            guard isExecutable else {
                throw Failure(
                    .spawn,
                    .connectionFailed,
                    "\(path) is not executable, and its name does not tell what runs it.",
                    nextStep:
                        "Make it executable (chmod +x), or give its interpreter as the command and the file as an argument.",
                    details: ["path": .string(path)]
                )
            }
            return (path, [], nil)
        }
    }

    /// The interpreter of a `.venv` or `venv` in the file's directory or one above it.
    private func virtualEnvironment(near path: String) -> String? {
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
        // It may be a URL without a scheme and with a password, which is not repeated.
        let shown = Redaction.malformedURL(text)
        let path = shown == text ? path : shown
        let looksLikeCommand = !text.contains("/") && Self.suffix(of: text).isEmpty
        let advice =
            if Self.namesPort(text) {
                "If a server listens there, write http://\(shown)."
            } else if looksLikeCommand {
                "If \"\(shown)\" is a command, give it as a command with its arguments rather than as a path."
            } else {
                "Check the path; relative paths begin at \(directory)."
            }
        return Failure(
            .spawn,
            .connectionFailed,
            "There is no file \(path).",
            nextStep: advice,
            details: ["path": .string(path)]
        )
    }

    /// Tells whether a text begins like `localhost:8000`.
    private static func namesPort(_ text: String) -> Bool {
        let place = text.prefix { $0 != "/" }
        guard let colon = place.lastIndex(of: ":"), colon != place.startIndex else { return false }
        return Int(place[place.index(after: colon)...]).map { (1...65535).contains($0) } ?? false
    }

    private func isDirectory(_ text: String, _ path: String) -> Failure {
        Failure(
            .spawn,
            .connectionFailed,
            "\(path) is a directory, not a server.",
            nextStep: "Name the file that starts the server, such as its main script or executable.",
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

/// What a path leads to.
private struct FileStatus {
    var exists = false
    var isDirectory = false
    var isExecutable = false

    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        exists = true
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        isExecutable = !isDirectory && access(path, X_OK) == 0
    }
}

/// The first line of a script that names its interpreter.
private struct Shebang {
    let line: String
    let command: String
    let arguments: [String]

    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 2, buffer[0] == UInt8(ascii: "#"), buffer[1] == UInt8(ascii: "!") else { return nil }
        let first = buffer[2..<count].prefix { $0 != 0x0A && $0 != 0x0D }
        var words = String(decoding: first, as: UTF8.self).split(separator: " ").map(String.init)
        guard !words.isEmpty else { return nil }
        line = words.joined(separator: " ")
        // `env` only looks the name up, which we do as well; its options are kept.
        if words[0].hasSuffix("/env"), words.count > 1, !words[1].hasPrefix("-") { words.removeFirst() }
        command = words.removeFirst()
        arguments = words
    }
}

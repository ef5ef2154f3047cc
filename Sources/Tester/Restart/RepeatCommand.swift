import JSON
import MCP
import MCPClient
import MCPHTTPClient

extension FailedCall {
    /// The command line that repeats the call; values of variables and headers are omitted.
    func commandLine(for request: TesterSession.ConnectRequest) -> String {
        switch self.request {
        case .tool(let name, let arguments): request.commandLine(["call", name] + Self.words(arguments))
        case .resource(let uri): request.commandLine(["read", uri])
        case .prompt(let name, let arguments): request.commandLine(["prompt", name] + Self.words(arguments))
        }
    }

    private static func words(_ arguments: JSONText?) -> [String] {
        guard let arguments, arguments.members?.isEmpty == false else { return [] }
        return [arguments.description]
    }
}

extension TesterSession.ConnectRequest {
    /// The command line that uses the target in the same way; values of variables and headers are omitted.
    ///
    /// - Parameter words: The command and its arguments without the target.
    package func commandLine(_ words: [String], options: [String] = []) -> String {
        var (words, options) = (words, options)
        if let era, era != .auto { options += ["--protocol", era.name] }
        switch target.kind {
        case .http(let endpoint):
            words.insert(target.name, at: 1)
            options += endpoint.headers.flatMap { ["--header", "\($0.name): …"] }
            return ShellWords.text(["mcp-test-mcp"] + words + options)
        case .process(let process) where process.arguments == ["demo"] && process.command == OwnExecutable.path:
            words.insert("demo", at: 1)
            return ShellWords.text(["mcp-test-mcp"] + words + options)
        case .process(let process):
            options += process.environment.keys.sorted().flatMap { ["--env", "\($0)=…"] }
            if let directory = process.workingDirectory { options += ["--cwd", directory] }
            return ShellWords.text(["mcp-test-mcp"] + words + options + ["--", process.command] + process.arguments)
        }
    }
}

/// Words as a shell reads them.
enum ShellWords {
    static func text(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./:=@%+,".utf8.contains(byte)
                }
            return isPlain
                ? word : "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#))'"
        }.joined(separator: " ")
    }
}

extension EraChoice {
    /// The value of `--protocol`.
    package var name: String {
        switch self {
        case .auto: "auto"
        case .legacy: "legacy"
        case .modern: "modern"
        case .pinned(let revision): revision.wireName
        }
    }
}

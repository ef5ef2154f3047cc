import JSON
import MCP
import MCPClient
import MCPHTTPClient

extension FailedCall {
    /// The command line that repeats the call; values of variables and headers are omitted.
    func commandLine(for request: TesterSession.ConnectRequest) -> String {
        var words: [String]
        switch self.request {
        case .tool(let name, let arguments): words = ["call", name] + Self.words(arguments)
        case .resource(let uri): words = ["read", uri]
        case .prompt(let name, let arguments): words = ["prompt", name] + Self.words(arguments)
        }
        var options: [String] = []
        if let era = request.era, era != .auto { options += ["--protocol", era.name] }
        switch request.target.kind {
        case .http(let endpoint):
            words.insert(request.target.name, at: 1)
            options += endpoint.headers.flatMap { ["--header", "\($0.name): …"] }
            return Self.quoted(["mcp-test-mcp"] + words + options)
        case .process(let process) where process.arguments == ["demo"] && process.command == OwnExecutable.path:
            words.insert("demo", at: 1)
            return Self.quoted(["mcp-test-mcp"] + words + options)
        case .process(let process):
            options += process.environment.keys.sorted().flatMap { ["--env", "\($0)=…"] }
            if let directory = process.workingDirectory { options += ["--cwd", directory] }
            return Self.quoted(["mcp-test-mcp"] + words + options + ["--", process.command] + process.arguments)
        }
    }

    private static func words(_ arguments: JSONText?) -> [String] {
        guard let arguments, arguments.members?.isEmpty == false else { return [] }
        return [arguments.description]
    }

    /// The words as a shell reads them.
    private static func quoted(_ words: [String]) -> String {
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

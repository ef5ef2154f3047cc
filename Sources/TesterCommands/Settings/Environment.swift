import MCPHTTPClient
import Platform
import Tester

/// The variables that settings come from: those of the process, and below them those of a `.env` file.
struct Environment: Sendable {
    private let real: @Sendable (_ name: String) -> String?
    private let file: [String: String]
    /// What is wrong with the file, line by line.
    let problems: [String]

    init(_ real: [String: String], file: DotEnv = DotEnv("")) {
        self.init({ real[$0] }, file: file)
    }

    private init(_ real: @escaping @Sendable (_ name: String) -> String?, file: DotEnv) {
        self.real = real
        self.file = file.variables
        problems = file.problems
    }

    /// The process's own, and the file in the working directory where there is one.
    static func system() -> Environment {
        Environment({ name in getenv(name).map { String(cString: $0) } }, file: .inWorkingDirectory)
    }

    /// The settings that can be made by a variable.
    enum Variable: String, CaseIterable {
        /// The transport to serve on.
        case transport = "MCP_TEST_TRANSPORT"
        /// The host to serve on.
        case host = "MCP_TEST_HOST"
        /// The port to serve on.
        case port = "MCP_TEST_PORT"
        /// The least important messages that are logged.
        case logLevel = "MCP_TEST_LOG_LEVEL"
        /// The time for connecting, in seconds.
        case connectTimeout = "MCP_TEST_CONNECT_TIMEOUT"
        /// The bearer token for targets that are reached by a URL.
        case authToken = "MCP_TEST_AUTH_TOKEN"
        /// The bearer token that hosts must have who are served over HTTP.
        case serverToken = "MCP_TEST_SERVER_TOKEN"
        /// The base URL of the model that answers servers under test.
        case modelURL = "LLM_URL"
        /// The name of that model.
        case modelName = "LLM_MODEL_NAME"
        /// The key for that model.
        case modelKey = "LLM_API_KEY"
    }

    /// A setting: from the process, else from the file; an empty one counts as absent.
    subscript(variable: Variable) -> String? {
        value(of: variable.rawValue)
    }

    /// Any variable: of the process, else of the file; an empty one counts as absent.
    func value(of name: String) -> String? {
        [real(name), file[name]].compactMap(\.self).first { !$0.isEmpty }
    }

    /// A variable of the process that says something about the terminal; a file has no say in that.
    subscript(terminal name: String) -> String? {
        real(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The token for targets; nothing if it is absent or no token.
    var authToken: String? {
        self[.authToken].flatMap { isToken($0) ? $0 : nil }
    }

    /// The model that answers servers under test where a policy says so.
    var model: ModelSettings {
        ModelSettings(
            url: self[.modelURL],
            name: self[.modelName],
            key: self[.modelKey],
            proxy: .reading { value(of: $0) }
        )
    }

    /// The time for connecting; nothing if it is absent or no time.
    var connectTimeout: Duration? {
        self[.connectTimeout].flatMap(Seconds.read).flatMap { $0 > .zero ? $0 : nil }
    }
}

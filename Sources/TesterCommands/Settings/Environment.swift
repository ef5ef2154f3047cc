#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The variables that settings come from: those of the process, and below them those of a `.env` file.
struct Environment: Sendable {
    private let real: [String: String]
    private let file: [String: String]
    /// What is wrong with the file, line by line.
    let problems: [String]

    init(_ real: [String: String], file: DotEnv = DotEnv("")) {
        self.real = real
        self.file = file.variables
        problems = file.problems
    }

    /// The process's own, and the file in the working directory where there is one.
    static func system() -> Environment {
        var names = Variable.allCases.map(\.rawValue)
        names += ["NO_COLOR", "CLICOLOR_FORCE", "TERM"]
        let values = names.compactMap { name in getenv(name).map { (name, String(cString: $0)) } }
        return Environment(Dictionary(values) { $1 }, file: .inWorkingDirectory)
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
    }

    /// A setting: from the process, else from the file; an empty one counts as absent.
    subscript(variable: Variable) -> String? {
        [real[variable.rawValue], file[variable.rawValue]].compactMap(\.self).first { !$0.isEmpty }
    }

    /// A variable of the process that says something about the terminal; a file has no say in that.
    subscript(terminal name: String) -> String? {
        real[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The time for connecting; nothing if it is absent or no time.
    var connectTimeout: Duration? {
        self[.connectTimeout].flatMap(Seconds.read).flatMap { $0 > .zero ? $0 : nil }
    }
}

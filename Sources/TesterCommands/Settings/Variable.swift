extension Environment {
    /// The variables that change settings.
    enum Variable: String, CaseIterable, Sendable {
        /// The transport to serve on.
        case transport = "MCP_TEST_TRANSPORT"
        /// The address to serve on.
        case host = "MCP_TEST_HOST"
        /// The port to serve on.
        case port = "MCP_TEST_PORT"
        /// The port to serve metrics on.
        case metricsPort = "MCP_TEST_METRICS_PORT"
        /// The minimum level of log messages.
        case logLevel = "MCP_TEST_LOG_LEVEL"
        /// Whether each frame is logged to standard error.
        case debug = "MCP_TEST_DEBUG"
        /// How much the tools show: everything, or the result alone.
        case verbose = "MCP_TEST_VERBOSE"
        /// How much of a result becomes structured content.
        case structured = "MCP_TEST_STRUCTURED"
        /// The tools that are offered.
        case tools = "MCP_TEST_TOOLS"
        /// The connect timeout in seconds.
        case connectTimeout = "MCP_TEST_CONNECT_TIMEOUT"
        /// The bearer token for targets that are reached by a URL.
        case authToken = "MCP_TEST_AUTH_TOKEN"
        /// The bearer token that HTTP clients of the tester must send.
        case serverToken = "MCP_TEST_SERVER_TOKEN"
        /// The base URL of the model that answers sampling requests.
        case modelURL = "LLM_URL"
        /// The name of that model.
        case modelName = "LLM_MODEL_NAME"
        /// The key for that model.
        case modelKey = "LLM_API_KEY"

        /// Which sources a variable is accepted from besides the environment of the process.
        enum Scope {
            /// Also `.env`: the variable cannot widen access.
            case anyFile
            /// Also `.env`, if the process sets no variable of the model.
            case model
            /// Only the file of `--env-file`.
            case trusted
        }

        var scope: Scope {
            switch self {
            case .logLevel, .connectTimeout, .verbose, .structured, .tools: .anyFile
            case .modelURL, .modelName, .modelKey: .model
            case .transport, .host, .port, .metricsPort, .debug, .authToken, .serverToken: .trusted
            }
        }
    }
}

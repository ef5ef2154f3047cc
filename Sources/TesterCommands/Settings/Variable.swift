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
        /// What completions may do: start servers, use kept names only, or neither.
        case completion = "MCP_TEST_COMPLETION"
        /// The bearer token for targets that are reached by a URL.
        case authToken = "MCP_TEST_AUTH_TOKEN"
        /// Where the tokens of logins are kept.
        case authStore = "MCP_TEST_AUTH_STORE"
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

        /// What it is for, with its default.
        var help: String {
            switch self {
            case .transport: "Transport to serve on: stdio, streamable-http, sse (default: stdio)."
            case .host: "Address to listen on over HTTP (default: 127.0.0.1)."
            case .metricsPort: "Port that serves metrics for Prometheus at /metrics (default: none)."
            case .port: "Port to listen on over HTTP (default: 8000)."
            case .logLevel: "Log level: DEBUG, INFO, WARNING, ERROR, CRITICAL (default: INFO)."
            case .debug: "1 logs each message to and from servers under test to standard error, without secrets."
            case .verbose: "Default of `verbose` in all tools: true or false (default: what fits)."
            case .structured: "Structured content: whole, or bounded to the budget of the text (default: up to 100 kB)."
            case .tools: "Tools to offer: core, default, all (default: default)."
            case .connectTimeout: "Connect timeout in seconds (default: 30)."
            case .completion:
                "What completions may do: full (start servers for two seconds), cached (use kept names only), off "
                    + "(default: full)."
            case .authToken: "Default bearer token for servers under test."
            case .authStore: "Tokens of auth login: a file, or keyring (default: tokens.json)."
            case .serverToken: "Bearer token that hosts must send over HTTP."
            case .modelURL: "Base URL of the model for --llm, execute_prompt_with_llm and the policy llm."
            case .modelName: "Name of the model."
            case .modelKey: "Key for the model."
            }
        }

        /// Whether its value is never shown.
        var isSecret: Bool {
            switch self {
            case .authToken, .serverToken, .modelKey: true
            default: false
            }
        }

        var scope: Scope {
            switch self {
            case .logLevel, .connectTimeout, .verbose, .structured, .tools: .anyFile
            case .modelURL, .modelName, .modelKey: .model
            case .transport, .host, .port, .metricsPort, .debug, .completion, .authToken, .authStore, .serverToken:
                .trusted
            }
        }
    }
}

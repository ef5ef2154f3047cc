public import MCP

/// The kind of a failure: a closed list, decided from facts, never from words in a message.
public enum FailureClass: String, Sendable, CaseIterable {
    /// The server's process could not be started.
    case spawn
    /// The server wrote text to its standard output that is not a protocol message.
    case stdoutPollution = "stdout_pollution"
    /// The server did not complete the handshake.
    case handshake
    /// No revision is supported by both sides.
    case version
    /// The server requires credentials, or rejected those that it got.
    case auth
    /// There is no connection, or it broke.
    case transport
    /// A limit passed without a response.
    case timeout
    /// The server returned a protocol error, or broke a rule of the protocol.
    case protocolError = "protocol_error"
    /// A tool of the server reported an error.
    case toolError = "tool_error"
    /// A value does not match its schema.
    case schemaMismatch = "schema_mismatch"
    /// The server needs input.
    case needsInput = "needs_input"
    /// The request was cancelled.
    case cancelled
    /// The server's process was ended by a signal or exited with an error.
    case crashed
    /// The input of the user is invalid.
    case usage

    /// How such a failure counts.
    public var outcome: Outcome {
        switch self {
        case .stdoutPollution, .protocolError, .toolError, .schemaMismatch, .crashed: .fail
        case .needsInput: .needsInput
        case .spawn, .handshake, .version, .auth, .transport, .timeout, .cancelled, .usage: .error
        }
    }

    /// How serious a finding of this class is, unless the finding says otherwise.
    public var severity: Severity { row.severity }

    /// The page of the specification with the rule that such a fault breaks, unless the finding names another; nil if no
    /// rule is broken.
    public var page: SpecificationPage? { row.page }

    private var row: (severity: Severity, page: SpecificationPage?) {
        switch self {
        case .spawn: (.error, nil)
        case .stdoutPollution: (.error, .stdio)
        case .handshake: (.error, .lifecycle)
        case .version: (.error, .versioning)
        case .auth: (.error, .authorization)
        case .transport: (.error, nil)
        case .timeout: (.error, nil)
        case .protocolError: (.error, .messages)
        case .toolError: (.warning, nil)
        case .schemaMismatch: (.error, .tools)
        case .needsInput: (.warning, nil)
        case .cancelled: (.warning, nil)
        case .crashed: (.error, nil)
        case .usage: (.advice, nil)
        }
    }
}

/// How serious a finding is.
public enum Severity: String, Sendable, CaseIterable {
    /// Clients fail because of it, or it breaks a rule.
    case error
    /// Clients may be misled by it.
    case warning
    /// It could be better.
    case advice
}

/// The outcome of an operation on a target.
public enum Outcome: String, Sendable {
    /// The target did what was requested.
    case pass = "PASS"
    /// The target did not do what it should.
    case fail = "FAIL"
    /// It could not be determined.
    case error = "ERROR"
    /// The target needs input first.
    case needsInput = "NEEDS_INPUT"
}

/// The coarse kinds of error that users of the first mcp-test-mcp know.
public enum ErrorType: String, Sendable {
    /// There is no connection; nothing was sent.
    case notConnected = "not_connected"
    /// No connection could be made.
    case connectionFailed = "connection_failed"
    /// The target does not have the tool.
    case toolNotFound = "tool_not_found"
    /// The target does not have the resource.
    case resourceNotFound = "resource_not_found"
    /// The target does not have the prompt.
    case promptNotFound = "prompt_not_found"
    /// The arguments are invalid.
    case invalidArguments = "invalid_arguments"
    /// The target failed to carry out the request.
    case executionError = "execution_error"
    /// A limit passed.
    case timeout
    /// The connection broke.
    case transportError = "transport_error"
    /// No model is configured.
    case llmConfigError = "llm_config_error"
    /// The model did not respond, or its response could not be used.
    case llmRequestError = "llm_request_error"
}

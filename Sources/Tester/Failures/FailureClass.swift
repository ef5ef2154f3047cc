/// What kind of thing went wrong: a closed list, told from facts, never from words in a message.
public enum FailureClass: String, Sendable, CaseIterable {
    /// The server's process could not be started.
    case spawn
    /// The server wrote to its standard output what is no protocol.
    case stdoutPollution = "stdout_pollution"
    /// The server did not finish the handshake as the protocol asks.
    case handshake
    /// There is no revision that both sides speak.
    case version
    /// The server wants credentials that it did not get.
    case auth
    /// The connection is not there or broke.
    case transport
    /// A limit passed without an answer.
    case timeout
    /// The server answered with an error of the protocol, or broke its rules.
    case protocolError = "protocol_error"
    /// A tool of the server reported that it failed.
    case toolError = "tool_error"
    /// Something breaks the schema that it should follow.
    case schemaMismatch = "schema_mismatch"
    /// The server waits for input.
    case needsInput = "needs_input"
    /// The request was called off.
    case cancelled
    /// The server's process ended by a signal or an error.
    case crashed
    /// What was asked of us makes no sense.
    case usage

    /// How such a failure counts.
    public var outcome: Outcome {
        switch self {
        case .stdoutPollution, .protocolError, .toolError, .schemaMismatch, .crashed: .fail
        case .needsInput: .needsInput
        case .spawn, .handshake, .version, .auth, .transport, .timeout, .cancelled, .usage: .error
        }
    }
}

/// How a question about a target came out.
public enum Outcome: String, Sendable {
    /// What was asked of the target worked.
    case pass = "PASS"
    /// The target did not do what it should.
    case fail = "FAIL"
    /// It could not be found out.
    case error = "ERROR"
    /// The target waits for input before it can be told.
    case needsInput = "NEEDS_INPUT"
}

/// The coarse kinds of error that users of the first mcp-test-mcp know.
public enum ErrorType: String, Sendable {
    /// There is no connection to ask on.
    case notConnected = "not_connected"
    /// No connection could be made.
    case connectionFailed = "connection_failed"
    /// The target has no such tool.
    case toolNotFound = "tool_not_found"
    /// The target has no such resource.
    case resourceNotFound = "resource_not_found"
    /// The target has no such prompt.
    case promptNotFound = "prompt_not_found"
    /// The arguments do not fit.
    case invalidArguments = "invalid_arguments"
    /// The target failed in doing it.
    case executionError = "execution_error"
    /// A limit passed.
    case timeout
    /// The connection is not there or broke.
    case transportError = "transport_error"
    /// There is no model that could be asked.
    case llmConfigError = "llm_config_error"
    /// The model did not answer, or with nothing that could be used.
    case llmRequestError = "llm_request_error"
}

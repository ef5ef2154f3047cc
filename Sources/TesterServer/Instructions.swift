/// The instructions for assistants: what the tools have in common, and the order in which they are used.
enum Instructions {
    /// The instructions for a set of tools; they name no tool that is not offered.
    static func text(for tools: ToolSet) -> String {
        var parts = tools.base == .core ? [beginning, everyResult] : [beginning, connections, everyResult, more]
        if tools.additions.contains(.suites) { parts.append(suites) }
        if tools.additions.contains(.auth) { parts.append(auth) }
        return parts.joined(separator: " ")
    }

    private static let beginning = """
        Test an MCP server. connect_to_server starts a server, or connects to its URL. list_tools, list_resources and \
        list_prompts show what it offers; call_tool, read_resource and get_prompt use it; disconnect ends it.
        """

    private static let connections = """
        connection_name selects a connection (default: the current one). timeout limits a request, in seconds (default: 60 \
        without progress, 600 total).
        """

    private static let everyResult = """
        Every result begins with a verdict: PASS, FAIL, ERROR or NEEDS_INPUT. After a failure, follow error.suggestion; \
        evidence has the server's standard error. Every tool takes verbose (true: everything; false: only the result) and \
        max_tokens, the size of the text (default: 1500).
        """

    private static let more = """
        read_result reads what a text omitted. If the server requests input, answer with respond. After changing the \
        server's code, call restart_server. If later calls do not find the connection, connect with outlives_session, and \
        pass the returned connection_id as connection_name.
        """

    private static let suites = """
        check_server checks a server against the specification. save_suite turns calls into test cases; run_suite runs them.
        """

    private static let auth = """
        If authorization fails, diagnose_auth finds the step and the cause. audit_auth finds which invalid tokens a server \
        accepts.
        """
}

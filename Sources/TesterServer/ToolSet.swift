/// Which tools are offered to a host.
///
/// Definitions cost a model tokens before it has called anything, so that a host can choose to have few.
public enum ToolSet: String, Sendable, CaseIterable {
    /// The tools of the first mcp-test-mcp, with their most used parameters.
    case core
    /// What most sessions need.
    case `default`
    /// Everything.
    case all

    /// The tools that only ``all`` has.
    static let rare: Set<String> = ["compare", "skills", "list_configured_servers"]

    /// The tools of the first mcp-test-mcp.
    static let original: Set<String> = [
        "connect_to_server", "disconnect", "get_connection_status", "list_tools", "call_tool", "list_resources",
        "read_resource", "list_prompts", "get_prompt", "execute_prompt_with_llm", "health_check", "ping", "echo", "add",
    ]

    /// Whether a tool is offered.
    func includes(_ name: String) -> Bool {
        switch self {
        case .core: Self.original.contains(name)
        case .default: !Self.rare.contains(name)
        case .all: true
        }
    }

    /// The parameters that a tool of ``core`` omits from its description; they are accepted all the same.
    static let advancedParameters: Set<String> = [
        "transport", "ca_file", "insecure", "follow_redirects", "outlives_session", "protocol", "input_policy", "roots",
        "timeout", "headers", "answers", "task", "force", "filter", "detail", "connection_name", "name", "server",
        "config", "all",
    ]
}

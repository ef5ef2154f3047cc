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

    /// The tools of the first mcp-test-mcp, and the parameters that they had; ``core`` describes only these and `verbose`.
    ///
    /// All other parameters are accepted all the same.
    static let original: [String: Set<String>] = [
        "connect_to_server": ["url", "headers", "auth", "command", "args", "env", "cwd"],
        "disconnect": [], "get_connection_status": [],
        "list_tools": [], "call_tool": ["name", "arguments"],
        "list_resources": [], "read_resource": ["uri"],
        "list_prompts": [], "get_prompt": ["name", "arguments"],
        "execute_prompt_with_llm": ["prompt_name", "prompt_arguments", "fill_variables", "llm_config"],
        "health_check": [], "ping": [], "echo": ["message"], "add": ["a", "b"],
    ]

    /// Whether a tool is offered.
    func includes(_ name: String) -> Bool {
        switch self {
        case .core: Self.original[name] != nil
        case .default: !Self.rare.contains(name)
        case .all: true
        }
    }
}

/// Which tools are offered to a host: a base, and groups of tools that are added to it.
///
/// Definitions cost a model tokens before it has called anything, so that a host can choose to have few.
public struct ToolSet: Sendable, Hashable {
    /// What a set begins with.
    enum Base: String, CaseIterable {
        /// The tools of the first mcp-test-mcp, with their most used parameters.
        case core
        /// What most sessions need.
        case `default`
        /// Everything for a session with a server.
        case all
    }

    /// Tools for a purpose beyond a session with a server.
    enum Addition: String, CaseIterable {
        /// Checks of conformance, and suites.
        case suites
        /// Authorization.
        case auth

        /// The tools that only this addition has.
        fileprivate var names: Set<String> {
            switch self {
            case .suites: ["check_server", "run_suite", "save_suite"]
            case .auth: ["diagnose_auth", "audit_auth"]
            }
        }
    }

    var base: Base
    var additions: Set<Addition> = []

    /// The tools of the first mcp-test-mcp.
    public static let core = ToolSet(base: .core)
    /// What most sessions need.
    public static let `default` = ToolSet(base: .default)
    /// Everything for a session with a server.
    public static let all = ToolSet(base: .all)

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
        if let addition = Addition.allCases.first(where: { $0.names.contains(name) }) {
            return additions.contains(addition)
        }
        return switch base {
        case .core: Self.original[name] != nil
        case .default: !Self.rare.contains(name)
        case .all: true
        }
    }
}

// MARK: - As text

extension ToolSet: RawRepresentable, CaseIterable {
    /// Each base, and each addition to ``default``.
    public static var allCases: [ToolSet] {
        Base.allCases.map { ToolSet(base: $0) } + Addition.allCases.map { ToolSet(base: .default, additions: [$0]) }
    }

    /// Reads a set such as `core`, `suites` or `all,suites,auth`; without a base, ``default`` is the base.
    public init?(rawValue: String) {
        var base: Base?
        var additions: Set<Addition> = []
        for part in rawValue.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(part.drop { $0 == " " }.prefix { $0 != " " })
            if let addition = Addition(rawValue: name) {
                additions.insert(addition)
            } else if base == nil, let named = Base(rawValue: name) {
                base = named
            } else {
                return nil
            }
        }
        self.init(base: base ?? .default, additions: additions)
    }

    /// The set as text, with the base first.
    public var rawValue: String {
        let added = Addition.allCases.filter(additions.contains).map(\.rawValue)
        let parts = base == .default && !added.isEmpty ? added : [base.rawValue] + added
        return parts.joined(separator: ",")
    }
}

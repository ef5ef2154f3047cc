public import MCP

/// The kinds of things that servers list.
public enum ListKind: String, Sendable, CaseIterable {
    /// Tools.
    case tools
    /// Resources with a fixed URI.
    case resources
    /// Templates of resource URIs.
    case resourceTemplates
    /// Prompts.
    case prompts

    /// The method that lists them.
    public var method: Method {
        switch self {
        case .tools: .toolsList
        case .resources: .resourcesList
        case .resourceTemplates: .resourcesTemplatesList
        case .prompts: .promptsList
        }
    }

    /// The capability that a server which has them declares.
    public var capability: String {
        self == .resourceTemplates ? "resources" : rawValue
    }
}

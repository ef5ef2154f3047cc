/// A change of what a server offers.
///
/// Source: "Tools", "Prompts" and "Resources", list changed notifications and subscriptions, all revisions.
public enum Change: Sendable, Hashable {
    /// The kinds of changes.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// The list of tools.
        case tools
        /// The list of prompts.
        case prompts
        /// The lists of resources and resource templates.
        case resources
        /// The content of single resources.
        case content
    }

    /// The list of tools changed.
    case tools
    /// The list of prompts changed.
    case prompts
    /// The list of resources or resource templates changed.
    case resources
    /// The content of the resource with this URI changed.
    case content(uri: String)

    /// The kind of the change.
    public var kind: Kind {
        switch self {
        case .tools: .tools
        case .prompts: .prompts
        case .resources: .resources
        case .content: .content
        }
    }
}

/// Something of a server that is not any more as it was.
///
/// Source: "Tools", "Prompts" and "Resources", list changed notifications and subscriptions, all revisions.
public enum Change: Sendable, Hashable {
    /// What a server can tell changes of.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// The list of tools.
        case tools
        /// The list of prompts.
        case prompts
        /// The lists of resources and of templates.
        case resources
        /// The content of single resources.
        case content
    }

    /// The list of tools is another one now.
    case tools
    /// The list of prompts is another one now.
    case prompts
    /// The list of resources or of templates is another one now.
    case resources
    /// What the resource with that URI contains is something else now.
    case content(uri: String)

    /// What has changed.
    public var kind: Kind {
        switch self {
        case .tools: .tools
        case .prompts: .prompts
        case .resources: .resources
        case .content: .content
        }
    }
}

/// A page of the specification, or a section of one, that states rules for servers.
public enum SpecificationPage: Sendable, Hashable, CaseIterable {
    /// The form of requests, responses and notifications.
    case messages
    /// How a connection begins.
    case lifecycle
    /// How both sides agree on a version.
    case versioning
    /// All transports.
    case transports
    /// What a server may write to its standard streams.
    case stdio
    /// Credentials over HTTP.
    case authorization
    case tools
    case resources
    case prompts
    case completion
    case elicitation
    case sampling
    case roots
    /// HTTP with one endpoint.
    case streamableHTTP
    case pagination
    case progress
    case cancellation
    case logging
    /// How long results stay valid, and for whom.
    case caching
    /// Results that request input.
    case inputRequired
    case subscriptions
    /// Requests that become tasks; in the stateless era, how extensions are negotiated.
    case tasks
}

extension Revision {
    /// The address of a page in this revision; nil if the revision does not have it.
    public func url(of page: SpecificationPage) -> String? {
        profile.path(of: page).map { "https://modelcontextprotocol.io/specification/\(wireName)/\($0)" }
    }
}

public import JSON

/// The `_meta` of a request.
///
/// Since 2026-07-28 it is the envelope that replaces the handshake.
///
/// Source: 2026-07-28, basic protocol, "_meta".
public struct RequestMeta: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Creates the envelope of a stateless request.
    public init(revision: Revision, capabilities: ClientCapabilities, clientInfo: Implementation? = nil) {
        self.init()
        protocolVersion = revision.wireName
        self.clientInfo = clientInfo
        clientCapabilities = capabilities
    }

    /// Whether the request belongs to the stateless era: it has one of the members of the envelope, valid or not.
    public var isEnvelope: Bool {
        guard !json.isEmpty else { return false }
        return [MetaKey.protocolVersion, .clientCapabilities, .clientInfo].contains { json[$0.rawValue] != nil }
    }

    /// The protocol version of the request, as the client sent it.
    public var protocolVersion: String? {
        get { self[MetaKey.protocolVersion.rawValue] }
        set { self[MetaKey.protocolVersion.rawValue] = newValue }
    }

    /// The client's capabilities for this request.
    public var clientCapabilities: ClientCapabilities? {
        get { self[MetaKey.clientCapabilities.rawValue] }
        set { self[MetaKey.clientCapabilities.rawValue] = newValue }
    }

    /// The client's name and version; for display and logs only.
    public var clientInfo: Implementation? {
        get { self[MetaKey.clientInfo.rawValue] }
        set { self[MetaKey.clientInfo.rawValue] = newValue }
    }

    /// The minimum level of log messages for this request; nil requests none.
    public var logLevel: LogLevel? {
        get { self[MetaKey.logLevel.rawValue] }
        set { self[MetaKey.logLevel.rawValue] = newValue }
    }

    /// The token that links progress notifications to this request.
    public var progressToken: ProgressToken? {
        get { self[MetaKey.progressToken.rawValue] }
        set { self[MetaKey.progressToken.rawValue] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional(MetaKey.progressToken.rawValue, .stringOrInteger),
        .required(MetaKey.protocolVersion.rawValue, .string, since: .v2026_07_28),
        .required(MetaKey.clientCapabilities.rawValue, .view(ClientCapabilities.self), since: .v2026_07_28),
        .optional(MetaKey.clientInfo.rawValue, .view(Implementation.self), since: .v2026_07_28),
        .optional(MetaKey.logLevel.rawValue, LogLevel.shape, since: .v2026_07_28),
    ]
}

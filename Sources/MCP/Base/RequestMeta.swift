public import JSON

/// The `_meta` of a request: since 2026-07-28 the envelope that replaces the handshake.
///
/// Source: 2026-07-28, basic protocol, "_meta".
public struct RequestMeta: JSONObjectView {
    /// The object as received.
    public var json: JSONObject

    /// Looks at an object as a request's metadata.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Creates the envelope of a modern request.
    public init(revision: Revision, capabilities: ClientCapabilities, clientInfo: Implementation? = nil) {
        self.init()
        protocolVersion = revision.wireName
        self.clientInfo = clientInfo
        clientCapabilities = capabilities
    }

    /// Whether the request is written in the modern way, rightly or not: it has one of the members that only the envelope
    /// has.
    public var isEnvelope: Bool {
        guard !json.isEmpty else { return false }
        return [MetaKey.protocolVersion, .clientCapabilities, .clientInfo].contains { json[$0.rawValue] != nil }
    }

    /// The revision that the request is written in, as the client spelled it.
    public var protocolVersion: String? {
        get { self[MetaKey.protocolVersion.rawValue] }
        set { self[MetaKey.protocolVersion.rawValue] = newValue }
    }

    /// What the client can do for the server while it serves this request.
    public var clientCapabilities: ClientCapabilities? {
        get { self[MetaKey.clientCapabilities.rawValue] }
        set { self[MetaKey.clientCapabilities.rawValue] = newValue }
    }

    /// Who the client is; for display and logs only.
    public var clientInfo: Implementation? {
        get { self[MetaKey.clientInfo.rawValue] }
        set { self[MetaKey.clientInfo.rawValue] = newValue }
    }

    /// From which level on the server may send log messages; nothing means none at all.
    public var logLevel: LogLevel? {
        get { self[MetaKey.logLevel.rawValue] }
        set { self[MetaKey.logLevel.rawValue] = newValue }
    }

    /// What progress notifications are to be tied to this request by.
    public var progressToken: ProgressToken? {
        get { self[MetaKey.progressToken.rawValue] }
        set { self[MetaKey.progressToken.rawValue] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional(MetaKey.progressToken.rawValue, .stringOrInteger),
        .required(MetaKey.protocolVersion.rawValue, .string, since: .v2026_07_28),
        .required(MetaKey.clientCapabilities.rawValue, .view(ClientCapabilities.self), since: .v2026_07_28),
        .optional(MetaKey.clientInfo.rawValue, .view(Implementation.self), since: .v2026_07_28),
        .optional(MetaKey.logLevel.rawValue, LogLevel.shape, since: .v2026_07_28),
    ]
}

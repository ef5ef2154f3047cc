public import JSON

/// The parameters of `initialize`.
///
/// Source: 2025-11-25, "Lifecycle"; removed in 2026-07-28.
public struct InitializeParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Opens a session.
    public init(revision: Revision, capabilities: ClientCapabilities, clientInfo: Implementation) {
        self.init(json: [:])
        protocolVersion = revision.wireName
        self.capabilities = capabilities
        self.clientInfo = clientInfo
    }

    /// The version that the client would like best.
    public var protocolVersion: String? {
        get { self["protocolVersion"] }
        set { self["protocolVersion"] = newValue }
    }

    /// What the client can do for the server.
    public var capabilities: ClientCapabilities? {
        get { self["capabilities"] }
        set { self["capabilities"] = newValue }
    }

    /// Who the client is.
    public var clientInfo: Implementation? {
        get { self["clientInfo"] }
        set { self["clientInfo"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("protocolVersion", .string),
        .required("capabilities", .view(ClientCapabilities.self)),
        .required("clientInfo", .view(Implementation.self))
    )
}

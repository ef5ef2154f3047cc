public import JSON

/// The parameters of `initialize`.
///
/// Source: 2025-11-25, "Lifecycle"; removed in 2026-07-28.
public struct InitializeParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that open a session.
    public init(revision: Revision, capabilities: ClientCapabilities, clientInfo: Implementation) {
        self.init(json: [:])
        protocolVersion = revision.wireName
        self.capabilities = capabilities
        self.clientInfo = clientInfo
    }

    /// The protocol version that the client prefers.
    public var protocolVersion: String? {
        get { self["protocolVersion"] }
        set { self["protocolVersion"] = newValue }
    }

    /// The client's capabilities.
    public var capabilities: ClientCapabilities? {
        get { self["capabilities"] }
        set { self["capabilities"] = newValue }
    }

    /// The client's name and version.
    public var clientInfo: Implementation? {
        get { self["clientInfo"] }
        set { self["clientInfo"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("protocolVersion", .string),
        .required("capabilities", .view(ClientCapabilities.self)),
        .required("clientInfo", .view(Implementation.self))
    )
}

public import JSON

/// The result of `initialize`.
///
/// Source: 2025-11-25, "Lifecycle"; removed in 2026-07-28.
public struct InitializeResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Accepts a session.
    public init(
        revision: Revision,
        capabilities: ServerCapabilities,
        serverInfo: Implementation,
        instructions: String? = nil
    ) {
        self.init(json: [:])
        protocolVersion = revision.wireName
        self.capabilities = capabilities
        self.serverInfo = serverInfo
        self.instructions = instructions
    }

    /// The version that the session will use.
    public var protocolVersion: String? {
        get { self["protocolVersion"] }
        set { self["protocolVersion"] = newValue }
    }

    /// What the server offers.
    public var capabilities: ServerCapabilities? {
        get { self["capabilities"] }
        set { self["capabilities"] = newValue }
    }

    /// How to use the server, for the model.
    public var instructions: String? {
        get { self["instructions"] }
        set { self["instructions"] = newValue }
    }

    /// Who the server is.
    public var serverInfo: Implementation? {
        get { self["serverInfo"] }
        set { self["serverInfo"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .result(
            .required("protocolVersion", .string),
            .required("capabilities", .view(ServerCapabilities.self)),
            .optional("instructions", .string)
        ) + [.required("serverInfo", .view(Implementation.self))]
}

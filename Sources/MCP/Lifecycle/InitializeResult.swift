public import JSON

/// The result of `initialize`.
///
/// Source: 2025-11-25, "Lifecycle"; removed in 2026-07-28.
public struct InitializeResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates the result that accepts a session.
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

    /// The protocol version that the session will use.
    public var protocolVersion: String? {
        get { self["protocolVersion"] }
        set { self["protocolVersion"] = newValue }
    }

    /// The server's capabilities.
    public var capabilities: ServerCapabilities? {
        get { self["capabilities"] }
        set { self["capabilities"] = newValue }
    }

    /// Instructions for the model on how to use the server.
    public var instructions: String? {
        get { self["instructions"] }
        set { self["instructions"] = newValue }
    }

    /// The server's name and version.
    public var serverInfo: Implementation? {
        get { self["serverInfo"] }
        set { self["serverInfo"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result(
            .required("protocolVersion", .string),
            .required("capabilities", .view(ServerCapabilities.self)),
            .optional("instructions", .string)
        ) + [.required("serverInfo", .view(Implementation.self))]
}

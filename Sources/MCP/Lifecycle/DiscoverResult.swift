public import JSON

/// The result of `server/discover`.
///
/// Source: 2026-07-28, "Discovery".
public struct DiscoverResult: CacheableResult {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(supportedVersions: [Revision], capabilities: ServerCapabilities, instructions: String? = nil) {
        self.init(json: [:])
        self.supportedVersions = supportedVersions.map(\.wireName)
        self.capabilities = capabilities
        self.instructions = instructions
    }

    /// The protocol versions that the server supports.
    public var supportedVersions: [String]? {
        get { self["supportedVersions"] }
        set { self["supportedVersions"] = newValue }
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

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result(
            .required("supportedVersions", .array(.string)),
            .required("capabilities", .view(ServerCapabilities.self)),
            .optional("instructions", .string)
        ) + .caching
}

public import JSON

/// The result of `server/discover`.
///
/// Source: 2026-07-28, "Discovery".
public struct DiscoverResult: CacheableResult {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Tells what the server is and can do.
    public init(supportedVersions: [Revision], capabilities: ServerCapabilities, instructions: String? = nil) {
        self.init(json: [:])
        self.supportedVersions = supportedVersions.map(\.wireName)
        self.capabilities = capabilities
        self.instructions = instructions
    }

    /// The versions that the server speaks.
    public var supportedVersions: [String]? {
        get { self["supportedVersions"] }
        set { self["supportedVersions"] = newValue }
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

    /// What the schemas say.
    public static let members: [Member] =
        .result(
            .required("supportedVersions", .array(.string)),
            .required("capabilities", .view(ServerCapabilities.self)),
            .optional("instructions", .string)
        ) + .caching
}

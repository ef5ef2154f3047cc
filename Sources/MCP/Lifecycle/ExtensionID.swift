/// The name of an extension: a prefix, a slash and a name, like a key of `_meta`.
///
/// Source: 2026-07-28, "Versioning", extension negotiation.
public struct ExtensionID: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Requests that a server goes on with by itself.
    public static let tasks: ExtensionID = "io.modelcontextprotocol/tasks"
    /// User interfaces that a host shows: MCP Apps.
    public static let ui: ExtensionID = "io.modelcontextprotocol/ui"
}

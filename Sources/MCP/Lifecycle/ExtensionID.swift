/// The name of an extension: a prefix, a slash and a name, like a `_meta` key.
///
/// Source: 2026-07-28, "Versioning", extension negotiation.
public struct ExtensionID: OpenSet {
    /// The name on the wire.
    public let rawValue: String

    /// Creates a name, known or unknown.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Long-running requests that continue as tasks.
    public static let tasks: ExtensionID = "io.modelcontextprotocol/tasks"
    /// User interfaces inside a host (MCP Apps).
    public static let ui: ExtensionID = "io.modelcontextprotocol/ui"
}

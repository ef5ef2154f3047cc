public import MCP

/// A request needs something that its client did not declare.
///
/// Handlers throw it; it is put into the words of the client's revision.
/// Source: 2026-07-28, "Versioning", capabilities.
public struct MissingClientCapability: Error {
    /// What the client would have to declare.
    public let required: ClientCapabilities

    /// Creates the error.
    public init(_ required: ClientCapabilities) {
        self.required = required
    }

    /// Creates the error for an extension.
    public init(_ id: ExtensionID) {
        var required = ClientCapabilities()
        required.declareExtension(id)
        self.init(required)
    }
}

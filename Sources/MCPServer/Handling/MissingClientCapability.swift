public import MCP

/// A request needs a capability that its client did not declare.
///
/// Thrown by handlers and converted to the error of the client's revision.
/// Source: 2026-07-28, "Versioning", capabilities.
public struct MissingClientCapability: Error {
    /// The capabilities that the client would have to declare.
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

/// The headers that the protocol defines.
///
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP".
enum FieldName {
    static let version = "MCP-Protocol-Version"
    static let method = "Mcp-Method"
    static let name = "Mcp-Name"
    static let argumentPrefix = "Mcp-Param-"
    static let session = "Mcp-Session-Id"
    static let lastEvent = "Last-Event-ID"
}

import MCP

/// The result of a method before it is encoded for a revision.
enum MethodResult: Sendable {
    /// A result that clients may cache.
    case cacheable(any CacheableResult)
    /// Any other result.
    case view(any ResultView)
    /// The output of a tool, which may be large and is encoded directly.
    case tool(ToolOutput)
}

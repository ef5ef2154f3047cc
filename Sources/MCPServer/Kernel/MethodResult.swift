import MCP

/// What a method gives back, before it is written in the words of a revision.
enum MethodResult: Sendable {
    /// A result that a client may keep.
    case cacheable(any CacheableResult)
    /// Any other result that is an object.
    case view(any ResultView)
    /// What a tool has to say, which may be large and is never made a tree.
    case tool(ToolOutput)
}

public import JSON
import MCPClient

extension TesterSession {
    /// What a tool says about its arguments, by the list of tools; asks for that list if it was not had before.
    ///
    /// For faces that make values of what a person typed. Nothing is found where the target lists no such tool.
    public func inputSchema(of tool: String, on name: String? = nil) async -> JSONValue? {
        guard let connection = registry.find(name) else { return nil }
        _ = await ToolChecks(connection, tool: tool).listIfNeeded()
        return connection.surface(.tools)?.item(tool)?.value()["inputSchema"]
    }
}

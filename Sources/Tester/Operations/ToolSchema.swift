public import JSON
import MCPClient

extension TesterSession {
    /// The input schema of a tool; `nil` if the target does not list the tool.
    ///
    /// For faces that convert typed text. Fetches the list of tools if it was not fetched before.
    public func inputSchema(of tool: String, on name: String? = nil) async -> JSONValue? {
        guard let connection = registry.find(name) else { return nil }
        await connection.listToolsIfNeeded()
        return connection.surface(.tools)?.item(tool)?.value()["inputSchema"]
    }
}

extension Connection {
    /// Whether a tool is declared read-only; false if it was not listed.
    package func isReadOnly(_ tool: String) -> Bool {
        surface(.tools)?.item(tool)?.value()["annotations"]?["readOnlyHint"]?.bool == true
    }
}

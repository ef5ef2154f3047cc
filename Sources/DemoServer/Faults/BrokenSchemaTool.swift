import JSON
import MCP
import MCPServer

extension DemoServer {
    /// Adds a tool with an invalid input schema.
    func addBrokenSchema(to server: inout Server) {
        let tool = Tool(
            name: "broken_schema",
            description: "Has an invalid input schema: an unknown type and a negative minimum length.",
            inputSchema: [
                "type": "object",
                "properties": ["count": ["type": "integr"], "label": ["type": "string", "minLength": -1]],
            ]
        )
        server.add(unchecked: tool) { _, _ in .complete(.text("This tool accepts any arguments.")) }
    }
}

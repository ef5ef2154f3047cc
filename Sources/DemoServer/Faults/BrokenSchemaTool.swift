import JSON
import MCP
import MCPServer

extension DemoServer {
    /// A tool that works although nobody can tell how to call it.
    func addBrokenSchema(to server: inout Server) {
        let tool = Tool(
            name: "broken_schema",
            description: "Has an input schema that is not valid: a type that does not exist and a count below zero.",
            inputSchema: [
                "type": "object",
                "properties": ["count": ["type": "integr"], "label": ["type": "string", "minLength": -1]],
            ]
        )
        server.add(unchecked: tool) { _, _ in .complete(.text("Nobody could have known how to call this.")) }
    }
}

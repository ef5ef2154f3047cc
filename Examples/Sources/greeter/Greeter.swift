import JSON
import MCP
import MCPServer
import MCPStdio

/// A server with one tool, over standard input and output.
@main
struct Greeter {
    static func main() async throws {
        var server = Server(info: Implementation(name: "greeter", version: "1.0"))
        var greet = Tool(
            name: "greet",
            description: "Greet someone by name.",
            inputSchema: ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]]
        )
        greet.outputSchema = [
            "type": "object", "properties": ["greeting": ["type": "string"]], "required": ["greeting"],
        ]
        try server.add(greet) { _, arguments in
            let name = arguments["name"]?.string ?? ""
            if name.isEmpty { return .complete(.failure("The name is empty.")) }
            return .complete(.structured(["greeting": "Hello, \(name)!"]))
        }
        try await StdioServerTransport().serve(server.conversations())
    }
}

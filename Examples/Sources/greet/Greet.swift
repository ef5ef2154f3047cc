import JSON
import MCP
import MCPClient
import MCPStdio

/// Starts a server and calls its tool `greet`: `greet NAME PROGRAM [ARGUMENT…]`.
@main
struct Greet {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard let name = words.first, let program = words.dropFirst().first else {
            print("Usage: greet NAME PROGRAM [ARGUMENT…]")
            return
        }
        let arguments = Array(words.dropFirst(2))
        let options = ClientOptions(info: Implementation(name: "greet", version: "1.0"))
        let client = try await Client.connect(options: options) {
            StdioClientTransport(.init(executable: program, arguments: arguments))
        }
        let params = CallToolParams(name: "greet", arguments: ["name": .string(name)])
        let result = try await client.request(.toolsCall, params)
        print(result.structuredContent?["greeting"]?.string ?? "The server did not greet: \(result.json)")
        await client.close()
    }
}

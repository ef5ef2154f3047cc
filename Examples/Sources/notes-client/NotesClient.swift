import JSON
import MCP
import MCPClient
import MCPStdio

/// Starts the server `notes`, and adds, reads and deletes a note: `notes-client PROGRAM`.
@main
struct NotesClient {
    static func main() async throws {
        guard let program = CommandLine.arguments.dropFirst().first else {
            print("Usage: notes-client PROGRAM")
            return
        }
        // The server asks before it deletes a note.
        let input = InputHandlers(elicitation: { request in
            print("asked: \(request.message ?? "")")
            return ["action": "accept", "content": ["agrees": true]]
        })
        let options = ClientOptions(info: Implementation(name: "notes-client", version: "1.0"), input: input)
        let client = try await Client.connect(options: options) {
            StdioClientTransport(.init(executable: program))
        }
        print("server: \(client.serverInfo?.name ?? "unknown")")

        let listing = await client.list(.tools)
        print("tools: \(listing.items.compactMap { $0["name"]?.string }.joined(separator: ", "))")

        let note = CallToolParams(name: "add", arguments: ["title": "today", "text": "Write a client."])
        let added = try await client.request(.toolsCall, note)
        let uri = added.structuredContent?["uri"]?.string ?? ""
        print("added: \(uri)")

        let read = try await client.request(.resourcesRead, ReadResourceParams(uri: uri))
        print("read: \(read.contents?.first?.text ?? "")")

        let deletion = CallToolParams(name: "delete", arguments: ["title": "today"])
        let deleted = try await client.request(.toolsCall, deletion)
        print(deleted.content?.compactMap(\.text).joined() ?? "")
        await client.close()
    }
}

import JSON
import MCP
import MCPServer
import MCPStdio

/// A server that keeps notes in memory, over standard input and output.
@main
struct Notes {
    static func main() async throws {
        var server = Server(
            info: Implementation(name: "notes", version: "1.0"),
            instructions: "Keeps notes until the server exits."
        )
        let notes = Notebook()
        try addTools(to: &server, notes)
        try addResources(to: &server, notes)
        addPrompts(to: &server)
        try await StdioServerTransport().serve(server.conversations())
    }

    private static func addTools(to server: inout Server, _ notes: Notebook) throws {
        let add = Tool(
            name: "add",
            description: "Add a note, or replace the note with the same title.",
            inputSchema: [
                "type": "object",
                "properties": ["title": ["type": "string", "pattern": "^[a-z0-9-]+$"], "text": ["type": "string"]],
                "required": ["title", "text"],
            ]
        )
        try server.add(add) { _, arguments in
            let title = arguments["title"]?.string ?? ""
            let count = await notes.add(title, arguments["text"]?.string ?? "")
            return .complete(.structured(["uri": "note:///\(title)", "count": JSONValue(count)]))
        }

        let delete = Tool(
            name: "delete",
            description: "Delete a note after the user has agreed.",
            inputSchema: ["type": "object", "properties": ["title": ["type": "string"]], "required": ["title"]]
        )
        try server.add(delete) { context, arguments in
            let title = arguments["title"]?.string ?? ""
            guard await notes.text(of: title) != nil else { return .complete(.failure("Unknown note: \(title)")) }
            // The first round has no response yet.
            guard let response = try context.inputResponse("agreement", as: ElicitResult.self) else {
                let field = ElicitationField(json: ["type": "boolean", "title": "Delete it"])
                let form = ElicitationSchema([("agrees", field)], required: ["agrees"])
                let params = ElicitParams.form(message: "Delete the note \"\(title)\"?", schema: form)
                let request = InputRequest(method: .elicitationCreate, params: params.json)
                return .inputRequired(InputRequiredResult([("agreement", request)]))
            }
            guard response.action == .accept, response.content?["agrees"] == true else {
                return .complete(.text("Kept: \(title)"))
            }
            await notes.delete(title)
            return .complete(.text("Deleted: \(title)"))
        }
    }

    private static func addResources(to server: inout Server, _ notes: Notebook) throws {
        let template = ResourceTemplate(uriTemplate: "note:///{title}", name: "note", mimeType: "text/plain")
        try server.add(template) { _, request in
            guard let text = await notes.text(of: request["title"] ?? "") else {
                throw ResourceNotFound(uri: request.uri)
            }
            return .complete([ResourceContents(uri: request.uri, mimeType: "text/plain", text: text)])
        }
    }

    private static func addPrompts(to server: inout Server) {
        let argument = PromptArgument(name: "title", description: "Title of the note.", required: true)
        server.add(Prompt(name: "summarize", description: "Summarize a note.", arguments: [argument])) { _, arguments in
            let text = "Summarize the resource note:///\(arguments["title"] ?? "") in one sentence."
            return .complete(GetPromptResult(messages: [PromptMessage(role: .user, content: .text(text))]))
        }
    }
}

/// The notes by their titles.
actor Notebook {
    private var texts: [String: String] = [:]

    func add(_ title: String, _ text: String) -> Int {
        texts[title] = text
        return texts.count
    }

    func delete(_ title: String) { texts[title] = nil }

    func text(of title: String) -> String? { texts[title] }
}

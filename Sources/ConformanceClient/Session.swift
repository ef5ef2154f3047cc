import JSON
import MCP
import MCPClient

/// A connection in a scenario: each step is written down, and one that fails ends the scenario.
struct Session: Sendable {
    let client: Client
    /// What the suite says more about the scenario.
    let context: JSONValue

    /// A server did not do what a scenario needs.
    struct ScenarioFailure: Error, CustomStringConvertible {
        let description: String
    }

    // MARK: - Lists

    /// All tools, as received.
    func tools() async throws -> [JSONText] {
        try await list(.tools)
    }

    private func list(_ kind: ListKind) async throws -> [JSONText] {
        let listing = await client.list(kind)
        if let shortfall = listing.shortfall {
            throw ScenarioFailure(description: "\(kind.method.rawValue): \(shortfall)")
        }
        Journal.note("\(kind.method.rawValue): \(listing.items.count)")
        return listing.items
    }

    // MARK: - Tools

    /// Calls a tool with arguments that it takes, but for those that may not be called.
    func callAll(_ tools: [JSONText]) async throws {
        for tool in tools {
            guard let name = tool["name"]?.string else { continue }
            if let faults = client.toolFaults[name] {
                Journal.note("\(name) is not callable: \(faults.joined(separator: "; "))")
                continue
            }
            try await call(name, SampleArguments.object(for: tool["inputSchema"]?.value().object ?? [:]))
        }
    }

    func call(_ name: String, _ arguments: JSONObject = [:]) async throws {
        try await call(name, text: arguments.members.map { ($0.key, JSONText($0.value)) })
    }

    /// Calls a tool with arguments that go on as they stand.
    func call(_ name: String, text arguments: [(name: String, value: JSONText)]) async throws {
        var writer = JSONWriter()
        writer.beginObject()
        for argument in arguments {
            writer.key(argument.name)
            writer.write(argument.value)
        }
        writer.endObject()
        let result = try await client.callTool(name, arguments: JSONText(written: &writer))
        Journal.note("tools/call \(name): \(result.result)")
    }

    // MARK: - Resources and prompts

    func readAll() async throws {
        for resource in try await list(.resources) {
            guard let uri = resource["uri"]?.string else { continue }
            let result = try await client.readResource(uri)
            Journal.note("resources/read \(uri): \(result.result)")
        }
    }

    func getAll() async throws {
        for prompt in try await list(.prompts) {
            guard let name = prompt["name"]?.string else { continue }
            let wanted = (prompt["arguments"]?.elements ?? []).filter { $0["required"]?.bool == true }
            let arguments = JSONObject(
                wanted.compactMap { $0["name"]?.string }.map { JSONObject.Member(key: $0, value: "sample") }
            )
            let result = try await client.getPrompt(name, arguments: JSONText(.object(arguments)))
            Journal.note("prompts/get \(name): \(result.result)")
        }
    }
}

extension [JSONText] {
    /// The first object of that name.
    func first(named name: String) -> JSONText? {
        first { $0["name"]?.string == name }
    }
}

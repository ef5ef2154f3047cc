import JSON
import MCP
import MCPClient

/// A connection in a scenario.
///
/// Each step is logged, and the first failure ends the scenario.
struct Session: Sendable {
    let client: Client
    /// Additional data of the scenario.
    let context: JSONValue

    /// The server did not do what the scenario needs.
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

    /// Calls each tool with arguments that match its schema, except tools that cannot be called.
    func callAll(_ tools: [JSONText]) async throws {
        for tool in tools {
            guard let name = tool["name"]?.string else { continue }
            if let faults = client.toolFaults[name] {
                Journal.note("\(name) cannot be called: \(faults.joined(separator: "; "))")
                continue
            }
            try await call(name, SampleArguments.object(for: tool["inputSchema"]?.value().object ?? [:]))
        }
    }

    func call(_ name: String, _ arguments: JSONObject = [:]) async throws {
        let result = try await client.request(.toolsCall, CallToolParams(name: name, arguments: arguments))
        note(.toolsCall, name, result)
    }

    /// Calls a tool with arguments that are sent exactly as received.
    func callRaw(_ name: String, _ arguments: KeyValuePairs<String, JSONText>) async throws {
        var writer = JSONWriter()
        writer.beginObject()
        for argument in arguments {
            writer.key(argument.key)
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
            note(.resourcesRead, uri, try await client.request(.resourcesRead, ReadResourceParams(uri: uri)))
        }
    }

    func getAll() async throws {
        for prompt in try await list(.prompts) {
            guard let name = prompt["name"]?.string else { continue }
            let required = (prompt["arguments"]?.elements ?? []).filter { $0["required"]?.bool == true }
            let arguments = JSONObject(
                required.compactMap { $0["name"]?.string }.map { JSONObject.Member(key: $0, value: "sample") }
            )
            let params = GetPromptParams(name: name, arguments: arguments)
            note(.promptsGet, name, try await client.request(.promptsGet, params))
        }
    }

    private func note(_ method: Method, _ name: String, _ result: some ResultView) {
        Journal.note("\(method) \(name): \(JSONText(.object(result.json)))")
    }
}

extension [JSONText] {
    /// The first object with that name.
    func first(named name: String) -> JSONText? {
        first { $0["name"]?.string == name }
    }
}

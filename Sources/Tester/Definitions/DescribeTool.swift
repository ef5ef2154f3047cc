import JSON
import MCP
import MCPClient
import TextUtilities

extension TesterSession {
    /// Shows one tool: its definition, its signature, valid example arguments, and findings about the definition.
    ///
    /// Lists the tools if they were not listed before.
    public func describeTool(_ tool: String, on name: String? = nil) async -> Report {
        await perform(on: name, emptyPayload: ("tool", nil)) { operation in
            let definition: JSONText
            switch await self.definition(of: tool, operation) {
            case .success(let text): definition = text
            case .failure(let failure): return operation.report(failure, emptyPayload: ("tool", nil))
            }
            let value = definition.value()
            let client = operation.client
            let signature = Signature(tool: tool, input: value["inputSchema"], output: value["outputSchema"])
            let faults = client.toolFaults[tool] ?? []
            let count = signature.parameters.count
            var report = operation.report("tool \"\(tool)\" has \(count) parameter\(count == 1 ? "" : "s")")
            report.add("signature", .string(signature.description))
            report.add("tool", .payload(Self.entry(tool: definition, in: client.revision, faults: faults)))
            let example = Example.arguments(for: value["inputSchema"] ?? ["type": "object"])
            report.add("example_arguments", example.map(JSONValue.object) ?? nil)
            report.findings += ToolLint(tool: value, revision: client.revision).findings
            report.findings += faults.map { Finding(.schemaMismatch, "Clients cannot call the tool over HTTP: \($0)") }
            report.add("metadata", .object(operation.metadata))
            return report
        }
    }

    /// The definition of a tool as listed; lists the tools if they were not listed before.
    func definition(of tool: String, _ operation: Operation) async -> Result<JSONText, Failure> {
        if operation.connection.surface(.tools) == nil {
            let fetched = await fetch(.tools, operation)
            if !fetched.isDeclared {
                return .failure(
                    Failure(
                        .protocolError,
                        .toolNotFound,
                        "The server does not declare the capability \"tools\", so it has no tool \"\(tool)\".",
                        nextStep: "Declare the capability if the server has tools."
                    )
                )
            }
            let isListed = operation.connection.surface(.tools)?.item(tool) != nil
            if !isListed, let failure = fetched.failure(operation, ListKind.tools.method.rawValue) {
                return .failure(failure)
            }
        }
        let surface = operation.connection.surface(.tools)
        if let item = surface?.item(tool) { return .success(item) }
        let names = surface?.names ?? []
        let close = nearest(tool, among: names)
        return .failure(
            Failure(
                .usage,
                .toolNotFound,
                "The server has no tool \"\(tool)\"." + (close.map { " Did you mean \"\($0)\"?" } ?? ""),
                nextStep: close.map { "Use \"\($0)\"." } ?? "list_tools shows all tools.",
                details: [
                    "tool_name": .string(tool), "available_tools": .array(names.prefix(100).map(JSONValue.string)),
                ]
            )
        )
    }
}

import JSONSchema
import MCP

/// The text for a caller whose arguments break a tool's schema.
struct ArgumentReport {
    let tool: Tool
    let violations: [Violation]

    var text: String {
        let name = tool.name ?? ""
        var lines = ["Invalid arguments for the tool \"\(name)\", which was not called:"]
        lines += violations.map { "- \($0.message)" }
        lines.append("Signature: \(Signature(tool: name, input: tool.inputSchema?.jsonValue))")
        return lines.joined(separator: "\n")
    }
}

import JSONSchema
import MCP

/// What a caller must know whose arguments do not fit a tool: each fault, and how the tool is called.
struct ArgumentReport {
    let tool: Tool
    let violations: [Violation]

    var text: String {
        var lines = ["The arguments do not fit the tool \"\(tool.name ?? "")\", which was not called:"]
        lines += violations.map { "- \($0.message)" }
        lines.append("Signature: \(Signature(tool: tool.name ?? "", input: tool.inputSchema?.jsonValue))")
        return lines.joined(separator: "\n")
    }
}

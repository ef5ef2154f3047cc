import JSON
import MCP
import Terminal
import Tester
import TextUtilities

extension ReportRenderer {
    mutating func writeTools(_ tools: JSONValue) {
        writeList("Tools", tools) { report, tool in
            let name = tool["name"]?.string ?? "(no name)"
            report.write(Signature(tool: name, input: tool["input_schema"], output: tool["output_schema"]))
        }
    }

    mutating func writePrompts(_ prompts: JSONValue) {
        writeList("Prompts", prompts) { report, prompt in
            report.write(Signature(prompt: prompt["name"]?.string ?? "(no name)", arguments: prompt["arguments"]))
        }
    }

    mutating func writeResources(_ resources: JSONValue, title: String) {
        writeList(title, resources) { report, resource in
            let uri = (resource["uri"] ?? resource["uriTemplate"])?.string ?? "(no URI)"
            let others = [resource["name"]?.string, resource["mimeType"]?.string].compactMap { $0.map { "  \($0)" } }
            report.line(Span(uri, .name), "\(others.joined())", indent: 2)
        }
    }

    /// The longest signature on one line, with its indentation, if lines are not broken.
    private static let longestLine = 120

    /// Writes one line, or one line per parameter if it would be too long.
    private mutating func write(_ signature: Signature) {
        let result = signature.result.map { " -> \($0)" } ?? ""
        let line = "(\(signature.parameters.joined(separator: ", ")))\(result)"
        let width = 2 + TextWidth.columns(of: signature.name) + TextWidth.columns(of: line)
        guard width > style.width ?? Self.longestLine, signature.parameters.count > 1 else {
            self.line(Span(signature.name, .name), "\(line)", indent: 2)
            return
        }
        self.line(Span(signature.name, .name), "(", indent: 2)
        for parameter in signature.parameters { self.line("\(parameter)", indent: 4, hanging: 4) }
        self.line(")\(result)", indent: 2)
    }

    private mutating func writeList(
        _ title: String,
        _ list: JSONValue,
        head: (inout ReportRenderer, JSONValue) -> Void
    ) {
        guard let items = list.array else { return }
        section("\(title) (\(items.count))")
        for item in items {
            head(&self, item)
            if let description = item["description"]?.string, !description.isEmpty {
                block(description.trimmed, indent: 6, .faint)
            }
            for problem in item["problems"]?.array ?? [] {
                line(Span("! ", .bad), "\(problem.string ?? problem.description)", indent: 6)
            }
        }
    }

    /// Writes the server's name, protocol and capabilities, for the report of a test.
    mutating func writeServer(_ summary: JSONValue) {
        guard summary.object != nil else { return }
        section("Server")
        let name = [summary["server_name"], summary["server_version"]].compactMap { $0?.string }.filter { !$0.isEmpty }
        fact("name", name.isEmpty ? "(not given)" : name.joined(separator: " "))
        let reason = summary["protocol_reason"]?.string.map { " (\($0))" } ?? ""
        fact("protocol", "\(summary["protocol_version"]?.string ?? "")\(reason)")
        let capabilities = summary["capabilities"]?.array?.compactMap(\.string) ?? []
        fact("capabilities", capabilities.isEmpty ? "none" : capabilities.joined(separator: ", "))
        if let instructions = summary["instructions"]?.string { fact("instructions", instructions) }
    }

    /// Writes a name and its value; further lines of the value are aligned with the first.
    mutating func fact(_ name: String, _ value: String, width: Int = 14) {
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        let space = String(repeating: " ", count: max(1, width - TextWidth.columns(of: name)))
        line(Span(name, .faint), "\(space)\(lines.first ?? "")", indent: 2, hanging: width)
        for rest in lines.dropFirst() { line("\(rest)", indent: 2 + width, hanging: 0) }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}

import JSON
import MCP
import MCPClient

extension ListKind {
    /// An entry of a report in short: identifier, description, and what can be given.
    func signature(of entry: JSONText) -> JSONText {
        let members = entry.members ?? []
        func member(_ name: String) -> JSONText? { members.last { $0.key == name }?.text }
        var short = JSONObject()
        short[identifier] = member(identifier)?.value() ?? nil
        if identifier != "name", let name = member("name")?.value() { short["name"] = name }
        if let description = member("description")?.string {
            short["description"] = .string(description.shortened(to: 100))
        }
        switch self {
        case .tools:
            short["signature"] = .string(Signature(tool: "", input: member("input_schema")?.value()).description)
        case .prompts:
            short["signature"] = .string(Signature(prompt: "", arguments: member("arguments")?.value()).description)
        case .resources, .resourceTemplates:
            if let type = member("mimeType")?.string { short["mimeType"] = .string(type) }
        }
        if let problems = member("problems")?.value() { short["problems"] = problems }
        return JSONText(.object(short))
    }
}

extension String {
    /// The text on one line, cut at a length in characters.
    func shortened(to limit: Int) -> String {
        // Nearly all descriptions are ASCII on one line. Characters as people see them cost a hundred times as much.
        if utf8.allSatisfy({ $0 < 0x80 && !(0x0A...0x0D).contains($0) }) {
            return utf8.count <= limit ? self : "\(String(decoding: utf8.prefix(limit - 1), as: UTF8.self))…"
        }
        let line = split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= limit ? line : "\(line.prefix(limit - 1))…"
    }
}

import JSON
import MCP

extension TesterSession {
    /// A tool as users know it: `name`, `description`, `input_schema`, then everything else the target sent.
    ///
    /// - Parameter faults: Why the tool cannot be called, if it cannot.
    static func entry(tool text: JSONText, in revision: Revision, faults: [String] = []) -> JSONText {
        entry(text, leading: ["name", "description", "inputSchema"], in: revision, as: Tool.self, faults: faults)
    }

    /// A prompt as users know it: `name`, `description`, `arguments`, then everything else.
    static func entry(prompt text: JSONText, in revision: Revision) -> JSONText {
        entry(text, leading: ["name", "description", "arguments"], in: revision, as: Prompt.self)
    }

    /// A resource as users know it: `uri`, `name`, `description`, `mimeType`, then everything else.
    static func entry(resource text: JSONText, in revision: Revision) -> JSONText {
        entry(text, leading: ["uri", "name", "description", "mimeType"], in: revision, as: Resource.self)
    }

    /// A resource template in the same shape.
    static func entry(template text: JSONText, in revision: Revision) -> JSONText {
        entry(
            text,
            leading: ["uriTemplate", "name", "description", "mimeType"],
            in: revision,
            as: ResourceTemplate.self
        )
    }

    /// The entry as its shape is judged: of schemas and metadata only what they are, for what is in them is not.
    private static func object(of members: [(key: String, text: JSONText)]) -> JSONObject {
        let opaque: Set = ["inputSchema", "outputSchema", "_meta"]
        return JSONObject(
            members.map { member in
                let value = opaque.contains(member.key) ? member.text.outline : member.text.value()
                return JSONObject.Member(key: member.key, value: value)
            }
        )
    }

    /// Names that the first mcp-test-mcp gave to members, and their kin.
    private static func key(_ name: String) -> String {
        switch name {
        case "inputSchema": "input_schema"
        case "outputSchema": "output_schema"
        case "_meta": "meta"
        default: name
        }
    }

    /// One entry of a list: the leading members always, `null` where they are missing, then the others as sent.
    ///
    /// An entry that breaks the schema of its revision is shown all the same, and its problems are named in it.
    private static func entry<View: JSONObjectView>(
        _ text: JSONText,
        leading: [String],
        in revision: Revision,
        as view: View.Type,
        faults: [String] = []
    ) -> JSONText {
        guard let members = text.members else {
            return JSONText(["problems": ["this entry is no object but \(text)"]])
        }
        var writer = JSONWriter(capacity: text.bytes.count + 64)
        writer.beginObject()
        for name in leading {
            writer.key(key(name))
            if let value = members.last(where: { $0.key == name })?.text {
                writer.write(value)
            } else {
                // Prompts without arguments have an empty list of them.
                writer.write(name == "arguments" ? [] : JSONValue.null)
            }
        }
        for member in members where !leading.contains(member.key) {
            writer.key(key(member.key))
            writer.write(member.text)
        }
        let problems = View(json: object(of: members)).problems(in: revision).map(\.description) + faults
        if !problems.isEmpty {
            writer.key("problems")
            writer.write(JSONValue.array(problems.map(JSONValue.string)))
        }
        writer.endObject()
        return JSONText(written: &writer)
    }
}

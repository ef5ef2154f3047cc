import JSON
import MCP

extension TesterSession {
    /// A tool in the shape of the first mcp-test-mcp: `name`, `description`, `input_schema`, then everything else.
    ///
    /// - Parameter faults: Why the tool cannot be called.
    static func entry(tool text: JSONText, in revision: Revision, faults: [String] = []) -> JSONText {
        entry(text, leading: ["name", "description", "inputSchema"], in: revision, as: Tool.self, faults: faults)
    }

    /// A prompt: `name`, `description`, `arguments`, then everything else.
    static func entry(prompt text: JSONText, in revision: Revision) -> JSONText {
        entry(text, leading: ["name", "description", "arguments"], in: revision, as: Prompt.self)
    }

    /// A resource: `uri`, `name`, `description`, `mimeType`, then everything else.
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

    /// The entry for a check of its shape; schemas and metadata only by their kind, because their content is free.
    private static func object(of members: [(key: String, text: JSONText)]) -> JSONObject {
        JSONObject(
            members.map { member in
                let value =
                    switch member.key {
                    case "inputSchema", "outputSchema", "_meta": member.text.outline
                    default: member.text.value()
                    }
                return JSONObject.Member(key: member.key, value: value)
            }
        )
    }

    /// The keys of the first mcp-test-mcp, and others of the same style.
    private static func key(_ name: String) -> String {
        switch name {
        case "inputSchema": "input_schema"
        case "outputSchema": "output_schema"
        case "_meta": "meta"
        default: name
        }
    }

    /// One entry of a list: the leading members, `null` if missing, then the others as sent.
    ///
    /// An entry that does not match the schema of its revision is shown with its problems.
    private static func entry<View: JSONObjectView>(
        _ text: JSONText,
        leading: [String],
        in revision: Revision,
        as view: View.Type,
        faults: [String] = []
    ) -> JSONText {
        guard let members = text.members else {
            return JSONText(["problems": ["expected an object, got \(text)"]])
        }
        var writer = JSONWriter(capacity: text.bytes.count + 64)
        writer.beginObject()
        for name in leading {
            writer.key(key(name))
            if name == "arguments", let arguments = members.last(where: { $0.key == name })?.text {
                writer.write(arguments.withArgumentKeys)
            } else if let value = members.last(where: { $0.key == name })?.text {
                writer.write(value)
            } else {
                // A prompt without arguments has an empty list.
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

extension JSONText {
    /// The arguments of a prompt, each with the keys that the first mcp-test-mcp had; the rest is as sent.
    fileprivate var withArgumentKeys: JSONText {
        let defaults: [(key: String, value: JSONValue)] = [("name", nil), ("description", nil), ("required", false)]
        func missing(_ argument: JSONText) -> [JSONObject.Member] {
            guard let members = argument.members else { return [] }
            return defaults.compactMap { standard in
                members.contains { $0.key == standard.key } ? nil : .init(key: standard.key, value: standard.value)
            }
        }
        guard let elements, elements.contains(where: { !missing($0).isEmpty }) else { return self }
        var writer = JSONWriter(capacity: bytes.count + 64)
        writer.beginArray()
        for element in elements {
            let added = missing(element)
            if added.isEmpty {
                writer.write(element)
            } else if element.members?.isEmpty == true {
                writer.write(JSONObject(added))
            } else {
                writer.write(element.adding(JSONText(.object(JSONObject(added)))))
            }
        }
        writer.endArray()
        return JSONText(written: &writer)
    }
}

import JSON
import JSONSchema
import MCP
import MCPClient

/// Generates valid answers to input requests.
package enum Example {
    /// An answer in the shape that ``InputReply`` reads; `nil` if no valid one is found.
    static func answer(to question: ReceivedInputRequest) -> JSONObject? {
        switch question.kind {
        case .elicitation:
            if question.mode == .url { return ["action": "accept"] }
            guard let schema = question.params["requestedSchema"]?.value().object,
                let content = content(for: schema)
            else { return nil }
            return ["action": "accept", "content": .object(content)]
        case .sampling: return message(for: question)
        case .roots: return ["roots": [["uri": "file:///tmp/example"]]]
        }
    }

    /// Form content with all fields, or else with the required ones; `nil` if neither is valid.
    static func content(for schema: JSONObject, depth: Int = 0) -> JSONObject? {
        let compiled: JSONSchema
        do throws(JSONSchemaError) {
            compiled = try JSONSchema(.object(schema), assertsFormats: true)
        } catch {
            return nil
        }
        let fields = schema["properties"]?.object?.members ?? []
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        let all = fields.compactMap { field -> JSONObject.Member? in
            guard let value = value(for: field.value.object ?? [:], depth: depth) else { return nil }
            return JSONObject.Member(key: field.key, value: value)
        }
        for members in [all, all.filter { required.contains($0.key) }] {
            let content = JSONObject(members)
            if compiled.validate(.object(content)).isValid { return content }
        }
        return nil
    }

    /// The first of several candidates that is valid for a field.
    static func value(for field: JSONObject, depth: Int = 0) -> JSONValue? {
        let candidates = candidates(for: field, depth: depth)
        do throws(JSONSchemaError) {
            let schema = try JSONSchema(.object(field), assertsFormats: true)
            return candidates.first { schema.validate($0).isValid }
        } catch {
            return nil
        }
    }

    private static func candidates(for field: JSONObject, depth: Int) -> [JSONValue] {
        guard depth < 8 else { return [] }
        var values = [field["default"], field["const"]].compactMap(\.self)
        values += field["examples"]?.array?.prefix(1) ?? []
        values += field["enum"]?.array?.prefix(1) ?? []
        for choice in (field["oneOf"] ?? field["anyOf"])?.array?.prefix(1) ?? [] {
            values += candidates(for: choice.object ?? [:], depth: depth + 1)
        }
        let types = field["type"]?.array?.compactMap(\.string) ?? [field["type"]?.string ?? "string"]
        for type in types {
            switch type {
            case "string": values += strings(for: field)
            case "integer", "number": values += numbers(for: field)
            case "boolean": values += [true, false]
            case "array": values.append(.array(elements(for: field, depth: depth)))
            case "object": if let content = content(for: field, depth: depth + 1) { values.append(.object(content)) }
            default: values.append(.null)
            }
        }
        return values
    }

    // MARK: - Kinds of fields

    private static func strings(for field: JSONObject) -> [JSONValue] {
        let (head, tail) =
            switch field["format"]?.string {
            case "email": ("user", "@example.com")
            case "uri": ("https://example.com/", "")
            case "date": ("2025-01-31", "")
            case "date-time": ("2025-01-31T12:00:00Z", "")
            default: ("example", "")
            }
        let plain = head + tail
        let missing = max(0, min(field["minLength"]?.int ?? 0, 10_000) - plain.unicodeScalars.count)
        var texts = [head + String(repeating: "e", count: missing) + tail]
        if let most = field["maxLength"]?.int, most >= 0 {
            // A suffix shortens an email address by its name.
            texts += [String(plain.suffix(most)), String(plain.prefix(most))]
        }
        return texts.map(JSONValue.string)
    }

    private static func numbers(for field: JSONObject) -> [JSONValue] {
        let bounds = ["minimum", "maximum", "multipleOf"].compactMap { field[$0] }
        let beside = [("exclusiveMinimum", 1), ("exclusiveMaximum", -1)].compactMap { name, step in
            field[name]?.int.map { JSONValue($0 &+ step) }
        }
        let limits = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"].compactMap {
            field[$0]?.number?.double
        }
        let middle = limits.count == 2 ? [JSONValue((limits[0] + limits[1]) / 2)] : []
        return [1] + bounds + beside + [0] + middle
    }

    private static func elements(for field: JSONObject, depth: Int) -> [JSONValue] {
        let items = field["items"]?.object ?? [:]
        let count = min(max(field["minItems"]?.int ?? 1, 1), min(field["maxItems"]?.int ?? 100, 100))
        if let choices = ElicitationField(json: field).choices {
            return choices.prefix(max(count, 0)).map { .string($0.value) }
        }
        guard count > 0, let value = value(for: items, depth: depth + 1) else { return [] }
        return Array(repeating: value, count: count)
    }

    /// A message from a model; the use of a tool if the server requires one.
    private static func message(for question: ReceivedInputRequest) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": ["type": "text", "text": "example"]]
        if question.params["toolChoice"]?["mode"]?.string == "required",
            let tool = question.params["tools"]?.elements?.first, let name = tool["name"]?.string
        {
            let input = tool["inputSchema"]?.value().object.flatMap { content(for: $0) } ?? [:]
            message["content"] = [
                "type": "tool_use", "id": "call-1", "name": .string(name), "input": .object(input),
            ]
            message["stopReason"] = "toolUse"
        }
        message["model"] = "example"
        return message
    }
}

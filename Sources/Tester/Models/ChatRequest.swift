import JSON
import MCP

/// What a target asks by sampling, in the words of OpenAI's chat completions.
///
/// Source: 2025-11-25, "Sampling"; the API reference of OpenAI, "Create chat completion". The model is the configured
/// one, whatever the target prefers.
struct ChatRequest {
    let json: JSONObject

    /// Translates.
    ///
    /// - Throws: ``Model/Fault`` for content that the API has no place for; nothing is left out silently.
    init(_ params: CreateMessageParams, model: String) throws(Model.Fault) {
        var messages: [JSONValue] = []
        if let prompt = params.systemPrompt {
            messages.append(["role": "system", "content": .string(prompt)])
        }
        for message in params.messages ?? [] { messages += try Self.messages(message) }
        var json: JSONObject = ["model": .string(model), "messages": .array(messages)]
        // Numbers go on as they were received.
        json["max_tokens"] = params.json["maxTokens"]
        json["temperature"] = params.json["temperature"]
        if let stop = params.stopSequences, !stop.isEmpty { json["stop"] = .array(stop.map(JSONValue.string)) }
        if let tools = params.tools, !tools.isEmpty {
            json["tools"] = .array(tools.map(Self.function))
            if let mode = params.toolChoice?.mode { json["tool_choice"] = .string(mode) }
        }
        self.json = json
    }

    private static func function(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": tool.json["name"] ?? ""]
        function["description"] = tool.json["description"]
        function["parameters"] = tool.json["inputSchema"]
        return ["type": "function", "function": .object(function)]
    }

    // MARK: - Messages

    /// One message becomes several where it has results of tools, each of which is a message there.
    private static func messages(_ message: SamplingMessage) throws(Model.Fault) -> [JSONValue] {
        let role = message.role?.rawValue ?? "user"
        var results: [JSONValue] = []
        var calls: [JSONValue] = []
        var parts: [JSONValue] = []
        for block in message.content ?? [] {
            switch block.kind {
            case .toolResult?: results.append(try result(block))
            case .toolUse?: calls.append(call(block))
            default: parts.append(try part(block))
            }
        }
        guard !parts.isEmpty || !calls.isEmpty else { return results }
        var said: JSONObject = ["role": .string(role), "content": content(parts)]
        if !calls.isEmpty { said["tool_calls"] = .array(calls) }
        return results + [.object(said)]
    }

    /// A single text goes as a string, which every endpoint reads.
    private static func content(_ parts: [JSONValue]) -> JSONValue {
        if parts.isEmpty { return nil }
        if parts.count == 1, let text = parts[0]["text"] { return text }
        return .array(parts)
    }

    private static func part(_ block: ContentBlock) throws(Model.Fault) -> JSONValue {
        switch block.kind {
        case .text?: return ["type": "text", "text": .string(block.text ?? "")]
        case .image?:
            let url = "data:\(block.mimeType ?? "image/png");base64,\(block.data ?? "")"
            return ["type": "image_url", "image_url": ["url": .string(url)]]
        case .audio?:
            guard let format = audioFormats[block.mimeType ?? ""] else {
                throw Model.Fault("cannot be given sound of the type \(block.mimeType ?? "(none)"), only wav and mp3")
            }
            return [
                "type": "input_audio", "input_audio": ["data": .string(block.data ?? ""), "format": .string(format)],
            ]
        case let kind:
            throw Model.Fault("cannot be given content of the type \(kind?.rawValue ?? "(none)")")
        }
    }

    private static let audioFormats = [
        "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3",
    ]

    // MARK: - Tools

    private static func call(_ block: ContentBlock) -> JSONValue {
        let arguments = JSONValue.object(block.input ?? [:]).description
        return [
            "id": .string(block.id ?? ""), "type": "function",
            "function": ["name": .string(block.name ?? ""), "arguments": .string(arguments)],
        ]
    }

    /// Results are text there: what else a tool gave goes as its JSON.
    private static func result(_ block: ContentBlock) throws(Model.Fault) -> JSONValue {
        var texts = (block.content ?? []).map { $0.kind == .text ? $0.text ?? "" : $0.jsonValue.description }
        if texts.isEmpty, let data = block.structuredContent { texts = [data.description] }
        if block.isError == true { texts.insert("The tool failed.", at: 0) }
        return [
            "role": "tool", "tool_call_id": .string(block.toolUseID ?? ""),
            "content": .string(texts.joined(separator: "\n")),
        ]
    }
}

import JSON
import MCP

/// A sampling request as a request of OpenAI's chat completions API.
///
/// Source: 2025-11-25, "Sampling"; the API reference of OpenAI, "Create chat completion". The model is the configured
/// one, whatever the target prefers.
struct ChatRequest {
    let json: JSONObject

    /// Converts a request.
    ///
    /// - Throws: ``ModelFault`` for content that the API cannot carry; nothing is dropped silently.
    init(_ params: CreateMessageParams, model: String) throws(ModelFault) {
        var messages: [JSONValue] = []
        if let prompt = params.systemPrompt {
            messages.append(["role": "system", "content": .string(prompt)])
        }
        for message in params.messages ?? [] { messages += try Self.messages(message) }
        var json: JSONObject = ["model": .string(model), "messages": .array(messages)]
        // Numbers stay as received.
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

    /// The messages of the API: each tool result in a message becomes one of its own.
    private static func messages(_ message: SamplingMessage) throws(ModelFault) -> [JSONValue] {
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

    /// A single text becomes a string, which every endpoint accepts.
    private static func content(_ parts: [JSONValue]) -> JSONValue {
        if parts.isEmpty { return nil }
        if parts.count == 1, let text = parts[0]["text"] { return text }
        return .array(parts)
    }

    private static func part(_ block: ContentBlock) throws(ModelFault) -> JSONValue {
        switch block.kind {
        case .text?: return ["type": "text", "text": .string(block.text ?? "")]
        case .image?:
            let url = "data:\(block.mimeType ?? "image/png");base64,\(block.data ?? "")"
            return ["type": "image_url", "image_url": ["url": .string(url)]]
        case .audio?:
            guard let format = audioFormats[block.mimeType ?? ""] else {
                throw ModelFault("does not accept audio of type \(block.mimeType ?? "(none)"), only wav and mp3")
            }
            return [
                "type": "input_audio", "input_audio": ["data": .string(block.data ?? ""), "format": .string(format)],
            ]
        case let kind:
            throw ModelFault("does not accept content of type \(kind?.rawValue ?? "(none)")")
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

    /// Tool results are text: other content becomes JSON text.
    private static func result(_ block: ContentBlock) throws(ModelFault) -> JSONValue {
        var texts = (block.content ?? []).map { $0.kind == .text ? $0.text ?? "" : $0.jsonValue.description }
        if texts.isEmpty, let data = block.structuredContent { texts = [data.description] }
        if block.isError == true { texts.insert("The tool failed.", at: 0) }
        return [
            "role": "tool", "tool_call_id": .string(block.toolUseID ?? ""),
            "content": .string(texts.joined(separator: "\n")),
        ]
    }
}

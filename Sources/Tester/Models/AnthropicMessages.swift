import JSON
import MCP

/// The Anthropic Messages API.
///
/// Source: the API reference of Anthropic, "Create a Message".
enum AnthropicMessages {
    static func body(of request: ModelRequest, model: String) throws(ModelFault) -> JSONObject {
        var messages: [JSONValue] = []
        for (index, message) in request.messages.enumerated() {
            messages.append(
                ["role": .string(message.speaker), "content": try content(message, place: "message \(index + 1)")]
            )
        }
        var json: JSONObject = ["model": .string(model), "messages": .array(messages)]
        if let prompt = request.systemPrompt { json["system"] = .string(prompt) }
        for member in request.parameters.members { json[member.key] = member.value }
        // The API requires it.
        if json["max_tokens"] == nil { json["max_tokens"] = JSONValue(ModelOptions.defaultMaxTokens) }
        if !request.stopSequences.isEmpty {
            json["stop_sequences"] = .array(request.stopSequences.map(JSONValue.string))
        }
        if !request.tools.isEmpty {
            json["tools"] = .array(request.tools.map(tool))
            if let mode = request.toolChoice {
                json["tool_choice"] = ["type": .string(mode == "required" ? "any" : mode)]
            }
        }
        return json
    }

    private static func tool(_ tool: Tool) -> JSONValue {
        var json: JSONObject = ["name": tool.json["name"] ?? ""]
        json["description"] = tool.json["description"]
        json["input_schema"] = tool.json["inputSchema"]
        return .object(json)
    }

    /// The content of a message; a single text becomes a string.
    private static func content(_ message: SamplingMessage, place: String) throws(ModelFault) -> JSONValue {
        var blocks: [JSONValue] = []
        for block in message.content ?? [] {
            for content in try ModelContent.read(block, in: place) { blocks.append(try self.block(content, place)) }
        }
        if blocks.count == 1, let text = blocks[0]["text"] { return text }
        return .array(blocks)
    }

    private static func block(_ content: ModelContent, _ place: String) throws(ModelFault) -> JSONValue {
        switch content {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .image(let data, let mimeType):
            guard imageTypes.contains(mimeType) else {
                throw .unsendable(
                    "\(place) has an image of type \(mimeType), but the Anthropic Messages API accepts only "
                        + imageTypes.joined(separator: ", ")
                )
            }
            let source: JSONValue = [
                "type": "base64", "media_type": .string(mimeType), "data": .string(data),
            ]
            return ["type": "image", "source": source]
        case .audio(_, let mimeType):
            throw .unsendable(
                "\(place) has audio of type \(mimeType), but the Anthropic Messages API does not accept audio"
            )
        case .toolUse(let id, let name, let input):
            return ["type": "tool_use", "id": .string(id), "name": .string(name), "input": .object(input)]
        case .toolResult(let block): return try result(block, place)
        }
    }

    private static let imageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"]

    private static func result(_ block: ContentBlock, _ place: String) throws(ModelFault) -> JSONValue {
        var parts: [JSONValue] = []
        for inner in block.content ?? [] {
            for content in try ModelContent.read(inner, in: place) { parts.append(try self.block(content, place)) }
        }
        if parts.isEmpty, let data = block.structuredContent {
            parts = [["type": "text", "text": .string(data.description)]]
        }
        var result: JSONObject = [
            "type": "tool_result", "tool_use_id": .string(block.toolUseID ?? ""), "content": .array(parts),
        ]
        if block.isError == true { result["is_error"] = true }
        return .object(result)
    }
}

// MARK: - The response

extension AnthropicMessages {
    static func response(_ json: JSONObject) throws(ModelFault) -> ModelResponse {
        guard let blocks = json["content"]?.array else { throw ModelFault("returned no array \"content\"") }
        // Thinking is not part of what the model says.
        let content = blocks.compactMap { block -> ContentBlock? in
            switch block["type"]?.string {
            case "text"?: return ContentBlock.text(block["text"]?.string ?? "")
            case "tool_use"?:
                let use: JSONObject = [
                    "type": "tool_use", "id": block["id"] ?? "", "name": block["name"] ?? "",
                    "input": block["input"] ?? [:],
                ]
                return ContentBlock(json: use)
            default: return nil
            }
        }
        guard !content.isEmpty else {
            throw ModelFault(
                "returned a message without content\(json["stop_reason"]?.string.map { " (stop_reason \"\($0)\")" } ?? "")"
            )
        }
        return ModelResponse(
            content: content,
            model: json["model"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            stopReason: stopReason(json["stop_reason"]?.string),
            usage: ModelResponse.usage(
                json["usage"]?.object,
                prompt: ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"],
                completion: ["output_tokens"]
            )
        )
    }

    private static func stopReason(_ reason: String?) -> String? {
        switch reason {
        case "end_turn"?: "endTurn"
        case "max_tokens"?: "maxTokens"
        case "stop_sequence"?: "stopSequence"
        case "tool_use"?: "toolUse"
        case let other: other
        }
    }
}

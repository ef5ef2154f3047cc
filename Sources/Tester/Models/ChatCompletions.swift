import JSON
import MCP

/// The chat completions API.
///
/// Source: the API reference of OpenAI, "Create chat completion" and "The chat completion object".
enum ChatCompletions {
    static func body(of request: ModelRequest, model: String) throws(ModelFault) -> JSONObject {
        var messages: [JSONValue] = []
        if let prompt = request.systemPrompt { messages.append(["role": "system", "content": .string(prompt)]) }
        for (index, message) in request.messages.enumerated() {
            messages += try Self.messages(message, place: "message \(index + 1)")
        }
        var json: JSONObject = ["model": .string(model), "messages": .array(messages)]
        for member in request.parameters.members { json[member.key] = member.value }
        if !request.stopSequences.isEmpty { json["stop"] = .array(request.stopSequences.map(JSONValue.string)) }
        if !request.tools.isEmpty {
            json["tools"] = .array(request.tools.map(function))
            if let mode = request.toolChoice { json["tool_choice"] = .string(mode) }
        }
        return json
    }

    private static func function(_ tool: Tool) -> JSONValue {
        var function: JSONObject = ["name": tool.json["name"] ?? ""]
        function["description"] = tool.json["description"]
        function["parameters"] = tool.json["inputSchema"]
        return ["type": "function", "function": .object(function)]
    }

    // MARK: - Messages

    /// The messages of the API: each tool result in a message becomes one of its own.
    private static func messages(_ message: SamplingMessage, place: String) throws(ModelFault) -> [JSONValue] {
        var results: [JSONValue] = []
        var calls: [JSONValue] = []
        var parts: [JSONValue] = []
        for block in message.content ?? [] {
            for content in try ModelContent.read(block, in: place) {
                switch content {
                case .toolResult(let block): results.append(result(block))
                case .toolUse(let id, let name, let input): calls.append(call(id, name, input))
                case .text(let text): parts.append(["type": "text", "text": .string(text)])
                case .image(let data, let mimeType):
                    let url: JSONValue = .string("data:\(mimeType);base64,\(data)")
                    parts.append(["type": "image_url", "image_url": ["url": url]])
                case .audio(let data, let mimeType):
                    guard let format = audioFormats[mimeType] else {
                        throw .unsendable(
                            "\(place) has audio of type \(mimeType), but the chat completions API accepts only wav and mp3"
                        )
                    }
                    let audio: JSONValue = ["data": .string(data), "format": .string(format)]
                    parts.append(["type": "input_audio", "input_audio": audio])
                }
            }
        }
        guard !parts.isEmpty || !calls.isEmpty else { return results }
        var said: JSONObject = ["role": .string(message.speaker), "content": content(parts)]
        if !calls.isEmpty { said["tool_calls"] = .array(calls) }
        return results + [.object(said)]
    }

    /// A single text becomes a string, which every endpoint accepts.
    private static func content(_ parts: [JSONValue]) -> JSONValue {
        if parts.isEmpty { return nil }
        if parts.count == 1, let text = parts[0]["text"] { return text }
        return .array(parts)
    }

    private static let audioFormats = [
        "audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3",
    ]

    private static func call(_ id: String, _ name: String, _ input: JSONObject) -> JSONValue {
        let arguments = JSONValue.object(input).description
        return [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
    }

    /// Tool results are text: other content becomes JSON text.
    private static func result(_ block: ContentBlock) -> JSONValue {
        var texts = (block.content ?? []).map { $0.kind == .text ? $0.text ?? "" : $0.jsonValue.description }
        if texts.isEmpty, let data = block.structuredContent { texts = [data.description] }
        if block.isError == true { texts.insert("The tool failed.", at: 0) }
        return [
            "role": "tool", "tool_call_id": .string(block.toolUseID ?? ""),
            "content": .string(texts.joined(separator: "\n")),
        ]
    }
}

// MARK: - The response

extension ChatCompletions {
    static func response(_ json: JSONObject, to request: ModelRequest) throws(ModelFault) -> ModelResponse {
        guard let choice = json["choices"]?[0] else { throw ModelFault("returned no choices") }
        guard let message = choice["message"]?.object else {
            throw ModelFault("returned a choice without a message")
        }
        var content = said(message)
        for call in message["tool_calls"]?.array ?? [] { content.append(try use(call)) }
        guard !content.isEmpty else {
            throw ModelFault(
                "returned a message without content\(choice["finish_reason"]?.string.map { " (finish_reason \"\($0)\")" } ?? "")"
            )
        }
        return ModelResponse(
            content: content,
            model: json["model"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            stopReason: stopReason(choice, request),
            usage: ModelResponse.usage(json["usage"]?.object, prompt: [], completion: [])
        )
    }

    private static func said(_ message: JSONObject) -> [ContentBlock] {
        let parts: [String]
        switch message["content"] {
        case .string(let text)?: parts = [text]
        case .array(let elements)?: parts = elements.compactMap { $0["text"]?.string }
        default: parts = [message["refusal"]?.string].compactMap(\.self)
        }
        // With a tool call some endpoints send an empty text.
        let usesTools = message["tool_calls"]?.array?.isEmpty == false
        return parts.filter { !usesTools || !$0.isEmpty }.map { ContentBlock.text($0) }
    }

    private static func use(_ call: JSONValue) throws(ModelFault) -> ContentBlock {
        guard let id = call["id"]?.string, let name = call["function"]?["name"]?.string else {
            throw ModelFault("returned a tool call without id or name")
        }
        let text = call["function"]?["arguments"]?.string ?? ""
        var input: JSONObject? = [:]
        if text.contains(where: { !$0.isWhitespace }) {
            do throws(JSONError) {
                input = try JSONValue(parsing: text).object
            } catch {
                input = nil
            }
        }
        guard let input else {
            throw ModelFault("returned arguments for tool \"\(name)\" that are not a JSON object")
        }
        let block: JSONObject = [
            "type": "tool_use", "id": .string(id), "name": .string(name), "input": .object(input),
        ]
        return ContentBlock(json: block)
    }

    private static func stopReason(_ choice: JSONValue, _ request: ModelRequest) -> String? {
        switch choice["finish_reason"]?.string {
        case "stop"?:
            // Some endpoints add which sequence it was.
            if let stop = choice["stop_reason"]?.string, request.stopSequences.contains(stop) { return "stopSequence" }
            return "endTurn"
        case "length"?: return "maxTokens"
        case "tool_calls"?, "function_call"?: return "toolUse"
        case let other: return other
        }
    }
}

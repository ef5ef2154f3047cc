import JSON
import MCP

/// A response of OpenAI's chat completions API as the result of `sampling/createMessage`.
///
/// Source: the API reference of OpenAI, "The chat completion object"; 2025-11-25, "Sampling".
struct ChatResponse {
    let result: CreateMessageResult

    /// Converts a response.
    ///
    /// - Parameters:
    ///   - params: The sampling request.
    ///   - model: The name of the model if the response has none.
    /// - Throws: ``ModelFault`` if the response has no content.
    init(_ json: JSONObject, to params: CreateMessageParams, model: String) throws(ModelFault) {
        guard let choice = json["choices"]?[0] else { throw ModelFault("returned no choices") }
        guard let message = choice["message"]?.object else {
            throw ModelFault("returned a choice without a message")
        }
        var content = Self.said(message)
        for call in message["tool_calls"]?.array ?? [] { content.append(try Self.use(call)) }
        guard !content.isEmpty else { throw ModelFault("returned a message without content") }
        let name = json["model"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        result = CreateMessageResult(
            content: content,
            model: name ?? model,
            stopReason: Self.stopReason(choice, params)
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

    private static func stopReason(_ choice: JSONValue, _ params: CreateMessageParams) -> String? {
        switch choice["finish_reason"]?.string {
        case "stop"?:
            // Some endpoints add which sequence it was.
            if let stop = choice["stop_reason"]?.string, params.stopSequences?.contains(stop) == true {
                return "stopSequence"
            }
            return "endTurn"
        case "length"?: return "maxTokens"
        case "tool_calls"?, "function_call"?: return "toolUse"
        case let other: return other
        }
    }
}

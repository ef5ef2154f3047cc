import JSON
import MCP

/// What a model said in the words of OpenAI's chat completions, as the result of `sampling/createMessage`.
///
/// Source: the API reference of OpenAI, "The chat completion object"; 2025-11-25, "Sampling".
struct ChatResponse {
    let result: CreateMessageResult

    /// Translates.
    ///
    /// - Parameters:
    ///   - params: What was asked.
    ///   - model: What the model is called where it does not say so itself.
    /// - Throws: ``Model/Fault`` where nothing was said.
    init(_ json: JSONObject, to params: CreateMessageParams, model: String) throws(Model.Fault) {
        guard let choice = json["choices"]?[0] else { throw Model.Fault("answered without any choices") }
        guard let message = choice["message"]?.object else {
            throw Model.Fault("answered with a choice without message")
        }
        var content = Self.said(message)
        for call in message["tool_calls"]?.array ?? [] { content.append(try Self.use(call)) }
        guard !content.isEmpty else { throw Model.Fault("answered with a message that has no content") }
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
        // Beside the use of a tool some say nothing in an empty string.
        let usesTools = message["tool_calls"]?.array?.isEmpty == false
        return parts.filter { !usesTools || !$0.isEmpty }.map { ContentBlock.text($0) }
    }

    private static func use(_ call: JSONValue) throws(Model.Fault) -> ContentBlock {
        guard let id = call["id"]?.string, let name = call["function"]?["name"]?.string else {
            throw Model.Fault("wants to use a tool, but gives no id or no name")
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
            throw Model.Fault("wants to use the tool \"\(name)\" with arguments that are no JSON object")
        }
        let block: JSONObject = [
            "type": "tool_use", "id": .string(id), "name": .string(name), "input": .object(input),
        ]
        return ContentBlock(json: block)
    }

    private static func stopReason(_ choice: JSONValue, _ params: CreateMessageParams) -> String? {
        switch choice["finish_reason"]?.string {
        case "stop"?:
            // Some endpoints say beside it which sequence it was.
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

import JSON
import MCP

/// The response of a model, independent of its API.
struct ModelResponse {
    /// Texts and uses of tools.
    var content: [ContentBlock]
    /// The name of the model, if the response has it.
    var model: String?
    /// Why the model stopped: `endTurn`, `maxTokens`, `stopSequence`, `toolUse`, or the API's own word.
    var stopReason: String?
    /// `prompt_tokens`, `completion_tokens` and `total_tokens`, then what else the API reports; empty if it reports nothing.
    var usage: JSONObject

    /// The texts, as one.
    var text: String { content.compactMap(\.text).joined(separator: "\n") }

    /// The result of `sampling/createMessage`.
    ///
    /// - Parameter requested: The name of the model if the response has none.
    func result(requested: String) -> CreateMessageResult {
        CreateMessageResult(content: content, model: model ?? requested, stopReason: stopReason)
    }

    /// Usage under the names of chat completions, whatever the API calls it; nothing that it reports is dropped.
    static func usage(_ reported: JSONObject?, prompt: [String], completion: [String]) -> JSONObject {
        guard let reported else { return [:] }
        let counts = [("prompt_tokens", prompt), ("completion_tokens", completion)].map { name, sources in
            let parts = sources.compactMap { reported[$0]?.int }
            return (
                name,
                reported[name]?.int
                    ?? (parts.isEmpty ? nil : parts.reduce(0) { $0.addingReportingOverflow($1).partialValue })
            )
        }
        var usage: JSONObject = [:]
        for (name, count) in counts { if let count { usage[name] = JSONValue(count) } }
        if reported["total_tokens"] == nil, let one = counts[0].1, let other = counts[1].1 {
            usage["total_tokens"] = JSONValue(one.addingReportingOverflow(other).partialValue)
        }
        for member in reported.members where usage[member.key] == nil { usage[member.key] = member.value }
        return usage
    }
}

import JSON

extension ReportRenderer {
    /// Writes where a prompt was sent and with which parameters; the messages are in the JSON.
    mutating func writeModelRequest(_ request: JSONValue) {
        guard let object = request.object else { return }
        section("Sent to the model")
        for member in object.members {
            switch member.key {
            case "messages": fact("messages", "\(member.value.array?.count ?? 0)", width: Self.modelWidth)
            case "url", "model":
                fact(member.key, member.value.string ?? member.value.description, width: Self.modelWidth)
            default: fact(member.key, member.value.description, width: Self.modelWidth)
            }
        }
    }

    /// Writes the text of a model.
    mutating func writeModelResponse(_ response: JSONValue) {
        guard response.object != nil else { return }
        var facts: [String] = []
        if let model = response["model"]?.string { facts.append(model) }
        if let tokens = response["usage"]?["total_tokens"]?.int { facts.append("\(tokens) tokens") }
        if let reason = response["stop_reason"]?.string, reason != "endTurn" { facts.append("stopped: \(reason)") }
        section("Response", facts.joined(separator: ", "))
        if let text = response["text"]?.string, !text.isEmpty { block(text, indent: 2) }
        if let uses = response["tool_uses"] { writeJSON("Uses of tools", uses) }
    }

    private static let modelWidth = 14
}

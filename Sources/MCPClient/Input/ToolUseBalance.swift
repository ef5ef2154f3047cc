import JSON

/// Checks the messages of a sampling request that use tools: the message after a tool use must hold the results of
/// exactly those uses and nothing else.
///
/// Source: 2025-11-25, "Sampling", "Tool result messages" and "Tool use and result balance".
enum ToolUseBalance {
    static func objection(to messages: [JSONValue]) -> String? {
        var open: Set<String> = []
        for (index, message) in messages.enumerated() {
            let blocks = message["content"]?.array ?? [message["content"]].compactMap(\.self)
            let results = blocks.filter { $0["type"] == "tool_result" }
            if !results.isEmpty, results.count != blocks.count {
                return "message \(index) mixes tool results with other content"
            }
            let answered = Set(results.compactMap { $0["toolUseId"]?.string })
            if answered != open {
                let ids = open.symmetricDifference(answered).sorted().joined(separator: ", ")
                return "message \(index) does not have exactly the results of the tool uses before it: \(ids)"
            }
            open = Set(blocks.filter { $0["type"] == "tool_use" }.compactMap { $0["id"]?.string })
        }
        return open.isEmpty ? nil : "the last message uses tools, and no results follow it"
    }
}

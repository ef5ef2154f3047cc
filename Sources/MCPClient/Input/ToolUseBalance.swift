import JSON

/// Why the messages of a sampling request do not fit together, if they use tools: each use is to be answered by the
/// message that follows, and that one holds nothing else.
///
/// Source: 2025-11-25, "Sampling", "Tool result messages" and "Tool use and result balance".
enum ToolUseBalance {
    static func objection(to messages: [JSONValue]) -> String? {
        var open: Set<String> = []
        for (index, message) in messages.enumerated() {
            let blocks = message["content"]?.array ?? [message["content"]].compactMap(\.self)
            let results = blocks.filter { $0["type"] == "tool_result" }
            if !results.isEmpty, results.count != blocks.count {
                return "message \(index) mixes results of tools with other content"
            }
            let answered = Set(results.compactMap { $0["toolUseId"]?.string })
            if answered != open {
                let ids = open.symmetricDifference(answered).sorted().joined(separator: ", ")
                return "message \(index) does not answer exactly the uses of tools before it: \(ids)"
            }
            open = Set(blocks.filter { $0["type"] == "tool_use" }.compactMap { $0["id"]?.string })
        }
        return open.isEmpty ? nil : "the last message uses tools, and nothing answers it"
    }
}

import JSON

/// A result of a step, and the parts of it that expectations name.
struct ResultView {
    /// What was requested, which decides where the text is.
    enum Kind {
        case tool
        case resource
        case prompt
        case list
        case completion
        case other
    }

    let result: JSONValue
    let kind: Kind

    /// The text: that of all text blocks, contents or messages, one after the other.
    var text: String? {
        let blocks: [JSONValue]
        switch kind {
        case .tool, .other: blocks = result["content"]?.array ?? []
        case .resource: blocks = result["contents"]?.array ?? []
        case .prompt: blocks = (result["messages"]?.array ?? []).compactMap { $0["content"] }
        case .list, .completion: return nil
        }
        let texts = blocks.compactMap { $0["text"]?.string }
        return texts.isEmpty ? nil : texts.joined(separator: "\n")
    }

    /// The structured content, or the text as JSON; nil if there is neither.
    var json: JSONValue? {
        if let structured = result["structuredContent"] { return structured }
        guard let text else { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            return nil
        }
    }

    /// The names of a list, or the values of a completion.
    var names: JSONValue? {
        switch kind {
        case .list:
            guard let items = result.object?.members.first?.value.array else { return nil }
            return .array(items.map { $0["name"] ?? $0["uri"] ?? .null })
        case .completion: return result["completion"]?["values"]
        default: return nil
        }
    }

    func root(_ root: ResultRoot) -> JSONValue? {
        switch root {
        case .json: json
        case .result: result
        case .text: text.map(JSONValue.string)
        }
    }
}

import JSON

/// What a refusal says to a person, shortened.
enum ResponseWords {
    /// The longest text, in characters.
    private static let limit = 200
    /// How much of a body is read, in bytes.
    private static let readBytes = 16 << 10
    /// Elements whose content a person does not read, or that repeat the heading.
    private static let hidden: Set<String> = ["title", "script", "style", "button"]
    /// Elements within a sentence.
    private static let inline: Set<String> = ["a", "b", "code", "em", "i", "small", "span", "strong", "tt", "u"]

    /// The OAuth error, or the text of a page; nil if there is neither.
    static func text(of response: AuthResponse) -> String? {
        if case .success(let object) = JSONBody.object(response) {
            return shortened([object["error"]?.string, object["error_description"]?.string].compactMap(\.self), ": ")
        }
        let text = String(decoding: response.body.prefix(readBytes), as: UTF8.self)
        return switch response.mediaType {
        case "text/html": shortened(blocks(of: text), " ")
        case "text/plain": shortened([text], "")
        default: nil
        }
    }

    private static func shortened(_ parts: [String], _ separator: String) -> String? {
        let words = parts.joined(separator: separator).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return nil }
        return words.count > limit ? words.prefix(limit) + "…" : words
    }

    /// The text of a page without markup; each block ends like a sentence.
    private static func blocks(of page: String) -> [String] {
        var blocks = [""]
        var hiding: String?
        var rest = page[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            if hiding == nil { blocks[blocks.count - 1] += rest[..<start] }
            let tag = rest[start..<end].dropFirst()
            let isEnd = tag.first == "/"
            let name = (isEnd ? tag.dropFirst() : tag).prefix { $0.isLetter || $0.isNumber }.lowercased()
            if hiding == nil {
                hiding = !isEnd && hidden.contains(name) ? name : nil
            } else if isEnd, name == hiding {
                hiding = nil
            }
            if !inline.contains(name) { blocks.append("") }
            rest = rest[end...].dropFirst()
        }
        if hiding == nil { blocks[blocks.count - 1] += rest }
        return blocks.compactMap { block in
            let text = unescaped(block.split(whereSeparator: \.isWhitespace).joined(separator: " "))
            guard let last = text.last else { return nil }
            return ".!?:".contains(last) ? text : "\(text)."
        }
    }

    private static func unescaped(_ text: String) -> String {
        let characters = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "'"), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
        ]
        return characters.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}

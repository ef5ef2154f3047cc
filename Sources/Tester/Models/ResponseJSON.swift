import JSON

/// Finds JSON in the text of a model: the whole text, a fenced block, or an object within prose.
enum ResponseJSON {
    /// The value, or why there is none.
    enum Outcome {
        case value(JSONValue)
        case nothing(String)
    }

    /// Finds the value.
    ///
    /// Scalars and arrays in prose do not count: `[1]` is often a reference.
    static func find(in text: String) -> Outcome {
        let trimmed = text.drop(while: \.isWhitespace)
        var firstError: String?
        if trimmed.hasPrefix("{") || trimmed.hasPrefix("[") {
            switch parse(trimmed) {
            case .success(let value): return .value(value)
            case .failure(let error): firstError = "the response starts like JSON, but is not valid: \(error)"
            }
        }
        for block in fencedBlocks(text) {
            switch parse(block.content[...]) {
            case .success(let value):
                if block.isMarked || value.object != nil || value.array != nil { return .value(value) }
            case .failure(let error):
                if block.isMarked {
                    let problem = block.isClosed ? "is not valid: \(error)" : "has no end: the response was cut off"
                    firstError = firstError ?? "the fenced JSON of the response \(problem)"
                }
            }
        }
        if let object = objectInProse(text) { return .value(object) }
        return .nothing(firstError ?? "the response contains no JSON object or array")
    }

    private static func parse(_ text: Substring) -> Result<JSONValue, JSONError> {
        do throws(JSONError) {
            return .success(try JSONValue(parsing: String(text)))
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Fences

    private struct Block {
        var content = ""
        /// Whether its first line names JSON as its language.
        var isMarked: Bool
        var isClosed = false
    }

    /// The blocks between lines that start with three backticks or tildes, those that are marked as JSON first.
    private static func fencedBlocks(_ text: String) -> [Block] {
        var blocks: [Block] = []
        var open: (block: Block, fence: Substring)?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let start = line.drop { $0 == " " || $0 == "\t" }
            if let (opened, fence) = open {
                var block = opened
                if start.hasPrefix(fence), start.drop(while: { $0 == fence.first }).allSatisfy(\.isWhitespace) {
                    block.isClosed = true
                    blocks.append(block)
                    open = nil
                } else {
                    block.content += line + "\n"
                    open = (block, fence)
                }
            } else if let mark = start.first, mark == "`" || mark == "~",
                start.hasPrefix(String(repeating: mark, count: 3))
            {
                let fence = start.prefix { $0 == mark }
                let info = start.dropFirst(fence.count).drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
                    .lowercased()
                open = (Block(isMarked: info.hasPrefix("json")), fence)
            }
        }
        if let open { blocks.append(open.block) }
        return blocks.filter(\.isMarked) + blocks.filter { !$0.isMarked }
    }

    // MARK: - Prose

    /// How many braces are tried.
    private static let attemptLimit = 20

    private static func objectInProse(_ text: String) -> JSONValue? {
        var rest = text[...]
        for _ in 0..<attemptLimit {
            guard let brace = rest.firstIndex(of: "{") else { return nil }
            if let end = end(ofObject: rest[brace...]), case .success(let value) = parse(rest[brace..<end]),
                value.object?.isEmpty == false
            {
                return value
            }
            rest = rest[rest.index(after: brace)...]
        }
        return nil
    }

    /// The end of the braces that open at the start of a text; braces in strings do not count.
    private static func end(ofObject text: Substring) -> Substring.Index? {
        var (depth, isString, isEscaped) = (0, false, false)
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isString {
                if character == "\\" { isEscaped = true }
                if character == "\"" { isString = false }
            } else if character == "\"" {
                isString = true
            } else if character == "{" {
                depth += 1
            } else if character == "}" {
                depth -= 1
                if depth == 0 { return text.index(after: index) }
            }
        }
        return nil
    }
}

/// Reads the text of a ``JSONPath``.
struct JSONPathParser {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        characters = Array(text)
    }

    mutating func parse() throws(JSONPath.Fault) -> [JSONPath.Segment] {
        guard take("$") else { throw fault("expected $") }
        var segments: [JSONPath.Segment] = []
        while position < characters.count {
            if take("[") {
                segments.append(.init(isDescendant: false, selectors: try brackets()))
            } else if take(".") {
                let isDescendant = take(".")
                if isDescendant, take("[") {
                    segments.append(.init(isDescendant: true, selectors: try brackets()))
                } else if take("*") {
                    segments.append(.init(isDescendant: isDescendant, selectors: [.wildcard]))
                } else {
                    segments.append(.init(isDescendant: isDescendant, selectors: [.name(try shorthand())]))
                }
            } else {
                throw fault("expected . or [")
            }
        }
        return segments
    }

    // MARK: - Selectors

    private mutating func brackets() throws(JSONPath.Fault) -> [JSONPath.Selector] {
        var selectors: [JSONPath.Selector] = []
        repeat {
            skipSpaces()
            selectors.append(try selector())
            skipSpaces()
        } while take(",")
        guard take("]") else { throw fault("expected , or ]") }
        return selectors
    }

    private mutating func selector() throws(JSONPath.Fault) -> JSONPath.Selector {
        switch peek {
        case "*":
            position += 1
            return .wildcard
        case "'", "\"": return .name(try quoted())
        case "?": throw fault("filters are not supported; select the array and search it")
        default: return try indexOrSlice()
        }
    }

    private mutating func indexOrSlice() throws(JSONPath.Fault) -> JSONPath.Selector {
        let start = try integer()
        guard take(":") else {
            guard let start else { throw fault("expected a name in quotes, an index, a slice or *") }
            return .index(start)
        }
        let end = try integer()
        let step = take(":") ? try integer() ?? 1 : 1
        return .slice(start: start, end: end, step: step)
    }

    private mutating func integer() throws(JSONPath.Fault) -> Int? {
        let start = position
        if peek == "-" { position += 1 }
        while let character = peek, character.isASCII, character.isNumber { position += 1 }
        guard position > start else { return nil }
        guard let value = Int(String(characters[start..<position])) else {
            position = start
            throw fault("expected an integer")
        }
        return value
    }

    private mutating func shorthand() throws(JSONPath.Fault) -> String {
        let start = position
        while let character = peek, character == "_" || character.isLetter || character.isNumber || !character.isASCII {
            position += 1
        }
        guard position > start else { throw fault("expected a name or *") }
        return String(characters[start..<position])
    }

    private mutating func quoted() throws(JSONPath.Fault) -> String {
        let quote = characters[position]
        let start = position
        position += 1
        var name = ""
        while let character = peek, character != quote {
            position += 1
            if character == "\\" {
                guard let escaped = peek else { break }
                position += 1
                switch escaped {
                case "n": name.append("\n")
                case "t": name.append("\t")
                default: name.append(escaped)
                }
            } else {
                name.append(character)
            }
        }
        guard take(quote) else {
            position = start
            throw fault("the quote is not closed")
        }
        return name
    }

    // MARK: - Characters

    private var peek: Character? { position < characters.count ? characters[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard peek == character else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while take(" ") {}
    }

    private func fault(_ reason: String) -> JSONPath.Fault {
        JSONPath.Fault(reason: reason, offset: position)
    }
}

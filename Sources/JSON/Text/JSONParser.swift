extension JSONValue {
    /// Reads a JSON text into a tree.
    ///
    /// - Throws: ``JSONError`` with offset, line and column: what is no JSON by RFC 8259, no UTF-8, half of a surrogate
    ///   pair (which no string could carry on) or beyond the limits.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let raw = bytes.span.bytes
        try JSONText.checkBytes(bytes, limits: limits)
        var scanner = JSONScanner(depth: limits.depth)
        do throws(JSONError) {
            scanner.skipWhitespace(in: raw)
            self = try scanner.readValue(in: raw)
            try scanner.expectEnd(of: raw)
        } catch {
            throw error.located(in: raw)
        }
    }

    /// Reads a JSON text into a tree.
    ///
    /// - Throws: ``JSONError`` as for bytes.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}

extension JSONScanner {
    /// Reads the value at the position into a tree.
    mutating func readValue(in bytes: RawSpan) throws(JSONError) -> JSONValue {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): return .string(try readString(in: bytes))
        case UInt8(ascii: "{"):
            var members: [JSONObject.Member] = []
            try scanObject(in: bytes) { (scanner, key, hasEscapes) throws(JSONError) in
                if members.isEmpty { members.reserveCapacity(4) }
                let name = try JSONScanner.string(key, hasEscapes: hasEscapes, in: bytes)
                members.append(JSONObject.Member(key: name, value: try scanner.readValue(in: bytes)))
            }
            return .object(JSONObject(members))
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try scanArray(in: bytes) { (scanner) throws(JSONError) in
                elements.append(try scanner.readValue(in: bytes))
            }
            return .array(elements)
        case UInt8(ascii: "t"):
            try expectWord("true", in: bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try expectWord("false", in: bytes)
            return .bool(false)
        case UInt8(ascii: "n"):
            try expectWord("null", in: bytes)
            return .null
        default: return .number(try readNumber(in: bytes))
        }
    }

    mutating func readString(in bytes: RawSpan) throws(JSONError) -> String {
        let start = position &+ 1
        let hasEscapes = try skipString(in: bytes)
        return try JSONScanner.string(start..<(position &- 1), hasEscapes: hasEscapes, in: bytes)
    }

    /// The string that lies in a range, which stands without its quotes.
    static func string(_ range: Range<Int>, hasEscapes: Bool, in bytes: RawSpan) throws(JSONError) -> String {
        guard hasEscapes else { return bytes.extracting(range).string }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        let piece = bytes.extracting(range)
        var scanner = JSONScanner()
        while scanner.position < piece.byteCount {
            let start = scanner.position
            scanner.skipPlainCharacters(in: piece)
            piece.extracting(start..<scanner.position).withUnsafeBytes { text.append(contentsOf: $0) }
            guard scanner.position < piece.byteCount else { break }
            let scalar = try scanner.readEscape(in: piece)
            text.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
        }
        return text.span.bytes.string
    }
}

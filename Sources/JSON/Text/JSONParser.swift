extension JSONValue {
    /// Parses a JSON text into a tree.
    ///
    /// - Throws: ``JSONError`` with offset, line and column if the text is not valid (RFC 8259), is not UTF-8, contains a
    ///   lone surrogate, which a string cannot hold, or exceeds the limits.
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

    /// Parses a JSON text into a tree.
    ///
    /// - Throws: ``JSONError``, as for bytes.
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
            return .object(JSONObject(try readMembers(in: bytes)))
        case UInt8(ascii: "["):
            return .array(try readElements(in: bytes))
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

    private mutating func readMembers(in bytes: RawSpan) throws(JSONError) -> [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        try scanObject(in: bytes) { (scanner, key, hasEscapes) throws(JSONError) in
            if members.isEmpty { members.reserveCapacity(4) }
            let name = try JSONScanner.string(key, hasEscapes: hasEscapes, in: bytes)
            members.append(JSONObject.Member(key: name, value: try scanner.readValue(in: bytes)))
        }
        return members
    }

    private mutating func readElements(in bytes: RawSpan) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try scanArray(in: bytes) { (scanner) throws(JSONError) in
            elements.append(try scanner.readValue(in: bytes))
        }
        return elements
    }

    @inline(__always)
    mutating func readString(in bytes: RawSpan) throws(JSONError) -> String {
        let start = position &+ 1
        let hasEscapes = try skipString(in: bytes)
        return try JSONScanner.string(start..<(position &- 1), hasEscapes: hasEscapes, in: bytes)
    }

    /// The string in a range, which excludes the quotes.
    @inline(__always)
    static func string(_ range: Range<Int>, hasEscapes: Bool, in bytes: RawSpan) throws(JSONError) -> String {
        hasEscapes ? try unescape(bytes.extracting(range)) : bytes.extracting(unchecked: range).string
    }

    private static func unescape(_ piece: RawSpan) throws(JSONError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(piece.byteCount)
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

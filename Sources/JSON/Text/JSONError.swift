/// Why a text is not valid JSON or exceeds the limits, and the position of the fault.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: Sendable, Hashable {
        /// The text ended in the middle of a value.
        case unexpectedEnd
        /// A byte is not what the grammar allows here.
        case unexpected(byte: UInt8, expected: String)
        /// A string contains an unescaped control character.
        case controlCharacter(UInt8)
        /// A backslash does not begin a valid escape.
        case invalidEscape
        /// A `\u` escape is half of a surrogate pair without the other half.
        case loneSurrogate
        /// The bytes are not UTF-8.
        case invalidUTF8
        /// A number has a form that JSON does not allow.
        case invalidNumber
        /// The value is followed by more text.
        case trailingText
        /// Arrays and objects nest deeper than the limit.
        case tooDeep(limit: Int)
        /// The text has more bytes than the limit.
        case tooLarge(bytes: Int, limit: Int)
    }

    /// The kind of fault.
    public let kind: Kind
    /// The number of bytes before the fault.
    public let offset: Int
    /// The line of the fault, starting at 1, or 0 if unknown.
    public var line = 0
    /// The column of the fault in bytes, starting at 1, or 0 if unknown.
    public var column = 0

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// Adds line and column, which are counted only after a failure.
    package func located(in bytes: RawSpan) -> JSONError {
        var located = self
        located.line = 1
        located.column = 1
        for index in 0..<min(offset, bytes.byteCount) {
            if bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) == 0x0A {
                located.line += 1
                located.column = 1
            } else {
                located.column += 1
            }
        }
        return located
    }

    /// Whether only characters are invalid, so that the text can be shown with replacements.
    package var isAboutText: Bool {
        kind == .loneSurrogate || kind == .invalidUTF8
    }

    /// What is wrong and where.
    public var description: String {
        let place = line > 0 ? "at byte \(offset) (line \(line), column \(column))" : "at byte \(offset)"
        return switch kind {
        case .unexpectedEnd: "unexpected end of the JSON text in the middle of a value \(place)"
        case .unexpected(let byte, let expected): "unexpected \(Self.name(byte)) \(place): expected \(expected)"
        case .controlCharacter(let byte): "unescaped control character \(Self.name(byte)) in a string \(place)"
        case .invalidEscape: "invalid escape in a string \(place)"
        case .loneSurrogate: "lone surrogate in a string \(place)"
        case .invalidUTF8: "invalid UTF-8 \(place)"
        case .invalidNumber: "invalid number \(place)"
        case .trailingText: "unexpected text after the JSON value \(place)"
        case .tooDeep(let limit): "nesting deeper than \(limit) levels \(place)"
        case .tooLarge(let bytes, let limit): "\(bytes) bytes, more than the limit of \(limit)"
        }
    }

    private static func name(_ byte: UInt8) -> String {
        if (0x21...0x7E).contains(byte) { return "'\(Character(UnicodeScalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x" + (digits.count < 2 ? "0" : "") + digits
    }
}

/// Limits for parsing a JSON text.
public struct JSONLimits: Sendable, Hashable {
    /// The maximum nesting of arrays and objects.
    public var depth: Int
    /// The maximum size of a text in bytes.
    public var bytes: Int

    /// Creates limits.
    public init(depth: Int = 512, bytes: Int = 256 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}

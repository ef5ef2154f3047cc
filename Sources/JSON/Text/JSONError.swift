/// Why a text is no JSON, or more than the limits allow, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: Sendable, Hashable {
        /// The text ended in the middle of a value.
        case unexpectedEnd
        /// A byte stands where something else was expected.
        case unexpected(byte: UInt8, expected: String)
        /// A control character stands unescaped in a string.
        case controlCharacter(UInt8)
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// A `\u` escape names half of a surrogate pair alone.
        case loneSurrogate
        /// The bytes are not UTF-8.
        case invalidUTF8
        /// A number is not spelled as JSON asks.
        case invalidNumber
        /// More text follows the value.
        case trailingText
        /// Arrays and objects nest deeper than the limit.
        case tooDeep(limit: Int)
        /// The text has more bytes than the limit.
        case tooLarge(bytes: Int, limit: Int)
    }

    /// What is wrong.
    public let kind: Kind
    /// How many bytes stand before the fault.
    public let offset: Int
    /// The line of the fault, from 1; 0 where it was not counted.
    public var line = 0
    /// The column of the fault in bytes, from 1; 0 where it was not counted.
    public var column = 0

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// Adds line and column, which are counted only once something has gone wrong.
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

    /// Tells whether only the characters are at fault, so that the message can be shown with replacements.
    package var isAboutText: Bool {
        kind == .loneSurrogate || kind == .invalidUTF8
    }

    /// A sentence with what was found and where.
    public var description: String {
        let place = line > 0 ? "at byte \(offset) (line \(line), column \(column))" : "at byte \(offset)"
        return switch kind {
        case .unexpectedEnd: "the JSON text ends in the middle of a value \(place)"
        case .unexpected(let byte, let expected): "\(Self.name(byte)) \(place) where \(expected) was expected"
        case .controlCharacter(let byte): "unescaped control character \(Self.name(byte)) in a string \(place)"
        case .invalidEscape: "invalid escape in a string \(place)"
        case .loneSurrogate: "half of a surrogate pair stands alone \(place)"
        case .invalidUTF8: "bytes that are not UTF-8 \(place)"
        case .invalidNumber: "a number that JSON does not allow \(place)"
        case .trailingText: "more text after the JSON value \(place)"
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

/// How much of a JSON text is read before it is refused.
public struct JSONLimits: Sendable, Hashable {
    /// How deep arrays and objects may nest.
    public var depth: Int
    /// How many bytes a text may have.
    public var bytes: Int

    /// Creates limits; the defaults are 512 levels and 256 MiB.
    public init(depth: Int = 512, bytes: Int = 256 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}

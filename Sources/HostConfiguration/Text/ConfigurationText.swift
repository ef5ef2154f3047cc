/// The bytes of a configuration file, with places in it for people.
public struct ConfigurationText: Sendable {
    /// The whole file.
    public let bytes: [UInt8]
    /// The number of bytes of the byte order mark: 3, or 0 without one.
    public let contentStart: Int

    /// The largest file that is read, in bytes; Claude Code keeps histories in the same file.
    public static let sizeLimit = 64 << 20

    /// Creates a text.
    ///
    /// - Throws: ``ConfigurationError`` if the bytes are not UTF-8.
    public init(_ bytes: [UInt8]) throws(ConfigurationError) {
        self.bytes = bytes
        contentStart = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw ConfigurationError("the file is UTF-16; save it as UTF-8", at: 0)
        }
        if let offset = Self.firstInvalidByte(of: bytes) {
            throw ConfigurationError("the file is not valid UTF-8 here", at: offset)
        }
    }

    /// Creates a text from a string.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        contentStart = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The line and column of a byte.
    public func place(at offset: Int) -> ConfigurationPlace {
        ConfigurationPlace(offset: offset, in: bytes, from: contentStart)
    }

    /// The bytes of a range as a string.
    public func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The line ending that the file uses first; a line feed if it has one line.
    var lineEnding: String {
        guard let feed = bytes.firstIndex(of: 0x0A), feed > 0, bytes[feed - 1] == 0x0D else { return "\n" }
        return "\r\n"
    }

    /// The first byte of the line that contains an offset.
    func lineStart(of offset: Int) -> Int {
        let before = bytes[contentStart..<max(contentStart, min(offset, bytes.count))]
        return before.lastIndex(of: 0x0A).map { $0 + 1 } ?? contentStart
    }

    /// The end of the line that contains an offset, before its line ending.
    func lineEnd(of offset: Int) -> Int {
        let feed = bytes[min(offset, bytes.count)...].firstIndex(of: 0x0A) ?? bytes.count
        return feed > offset && feed < bytes.count && bytes[feed - 1] == 0x0D ? feed - 1 : feed
    }

    /// The spaces and tabs at the beginning of the line that contains an offset.
    func indentation(at offset: Int) -> String {
        let start = lineStart(of: offset)
        let end = bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
        return string(start..<end)
    }

    private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return min(offset, max(0, bytes.count - 1))
            }
        }
    }
}

/// A line and a column of a file, both starting at 1.
public struct ConfigurationPlace: Sendable, Hashable, CustomStringConvertible {
    /// The line.
    public let line: Int
    /// The column in characters.
    public let column: Int

    init(offset: Int, in bytes: [UInt8], from start: Int) {
        var line = 1
        var lineStart = start
        let end = min(offset, bytes.count)
        for index in start..<max(start, end) where bytes[index] == 0x0A {
            line += 1
            lineStart = index + 1
        }
        self.line = line
        column = String(decoding: bytes[lineStart..<max(lineStart, end)], as: UTF8.self).count + 1
    }

    /// As in `12:5`.
    public var description: String { "\(line):\(column)" }
}

/// Why a configuration file cannot be read or changed, and the position of the fault.
public struct ConfigurationError: Error, Sendable, Hashable {
    /// What is wrong; it never repeats a value of the file, which may be secret.
    public var message: String
    /// The number of bytes before the fault.
    public var offset: Int

    init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }
}

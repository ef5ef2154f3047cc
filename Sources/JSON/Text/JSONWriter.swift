/// Writes compact JSON text that never contains a line break.
public struct JSONWriter: ~Copyable {
    private var buffer: ByteWriter
    private var needsComma = false

    /// The bytes written so far.
    public var bytes: [UInt8] {
        mutating get { buffer.bytes }
    }

    /// Creates a writer that reserves space for that many bytes.
    public init(capacity: Int = 256) {
        buffer = ByteWriter(capacity: capacity)
    }

    private init(into storage: UnsafeMutableBufferPointer<UInt8>) {
        buffer = ByteWriter(into: storage)
    }

    /// The bytes that a closure writes: in place, if they fit the capacity.
    package static func bytes(capacity: Int, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var overflow: [UInt8]?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(capacity, 64)) { storage, count in
            var writer = JSONWriter(into: storage)
            write(&writer)
            overflow = writer.buffer.overflow()
            count = overflow == nil ? writer.buffer.used : 0
        }
        return overflow ?? bytes
    }

    // MARK: - Structure

    /// Opens an object.
    public mutating func beginObject() {
        open(UInt8(ascii: "{"))
    }

    /// Closes the object opened last.
    public mutating func endObject() {
        close(UInt8(ascii: "}"))
    }

    /// Opens an array.
    public mutating func beginArray() {
        open(UInt8(ascii: "["))
    }

    /// Closes the array opened last.
    public mutating func endArray() {
        close(UInt8(ascii: "]"))
    }

    /// Writes the name of a member that is known and has nothing to escape; its value must follow.
    public mutating func key(_ name: StaticString) {
        let count = name.utf8CodeUnitCount
        assert(UnsafeRawBufferPointer(start: name.utf8Start, count: count).nextSpecialByte(from: 0) == count)
        guard count &+ 4 <= buffer.capacity else { return key("\(name)" as String) }
        let output = buffer.reserve(count &+ 4)
        var start = 0
        if needsComma {
            output.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
            start = 1
        }
        output.storeBytes(of: UInt8(ascii: "\""), toByteOffset: start, as: UInt8.self)
        (output + start + 1).copyMemory(from: name.utf8Start, byteCount: count)
        let end = start &+ 1 &+ count
        output.storeBytes(of: UInt8(ascii: "\""), toByteOffset: end, as: UInt8.self)
        output.storeBytes(of: UInt8(ascii: ":"), toByteOffset: end &+ 1, as: UInt8.self)
        buffer.commit(end &+ 2)
        needsComma = false
    }

    /// Writes the name of a member, whose value must follow.
    @_disfavoredOverload
    public mutating func key(_ name: String) {
        comma()
        quote(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: - Values

    /// Writes a tree.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: word("null")
        case .bool(let value): word(value ? "true" : "false")
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let object): write(object)
        }
    }

    /// Writes an object.
    public mutating func write(_ object: JSONObject) {
        beginObject()
        for member in object.members {
            key(member.key)
            write(member.value)
        }
        endObject()
    }

    /// Writes a number with its literal.
    public mutating func write(_ number: JSONNumber) {
        comma()
        switch number.storage {
        case .integer(let value): digits(value)
        case .literal(let text): append(text)
        }
        needsComma = true
    }

    /// Writes an integer.
    public mutating func write(_ value: Int) {
        comma()
        digits(Int64(value))
        needsComma = true
    }

    /// Writes a Boolean.
    public mutating func write(_ value: Bool) {
        word(value ? "true" : "false")
    }

    /// Writes a string.
    public mutating func write(_ text: String) {
        comma()
        quote(text)
        needsComma = true
    }

    /// Writes text as it was received, except that line breaks between its tokens become spaces.
    public mutating func write(_ text: JSONText) {
        comma()
        if text.bytes.withUnsafeBytes(\.hasLineBreak) {
            let oneLine = text.bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
            oneLine.withUnsafeBytes { buffer.append($0) }
        } else {
            text.bytes.withUnsafeBytes { buffer.append($0) }
        }
        needsComma = true
    }

    /// Writes text that one of our writers has made, so that it has no line breaks.
    package mutating func write(written text: JSONText) {
        comma()
        text.bytes.withUnsafeBytes { buffer.append($0) }
        needsComma = true
    }

    /// Writes the members of an object that one of our writers has made, into the object that is open.
    package mutating func write(membersOf object: JSONText) {
        guard object.bytes.count > 2 else { return }
        comma()
        object.bytes.dropFirst().dropLast().withUnsafeBytes { buffer.append($0) }
        needsComma = true
    }

    /// Writes a number of hundredths with at most two decimals and without needless zeros.
    package mutating func write(hundredths value: Int64) {
        comma()
        let (whole, rest) = value.quotientAndRemainder(dividingBy: 100)
        if whole == 0, rest < 0 { buffer.append(UInt8(ascii: "-")) }
        digits(whole)
        if rest != 0 {
            buffer.append(UInt8(ascii: "."))
            buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: abs(rest) / 10))
            if rest % 10 != 0 { buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: abs(rest) % 10)) }
        }
        needsComma = true
    }

    /// Writes a string whose content is UTF-8 bytes, such as JSON text inside a string.
    package mutating func write(quoting content: [UInt8]) {
        comma()
        content.withUnsafeBytes { quote($0) }
        needsComma = true
    }

    // MARK: - Parts

    private mutating func open(_ byte: UInt8) {
        comma()
        buffer.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        buffer.append(byte)
        needsComma = true
    }

    @inline(__always)
    private mutating func comma() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
    }

    private mutating func word(_ text: StaticString) {
        comma()
        buffer.append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        needsComma = true
    }

    private mutating func digits(_ value: Int64) {
        guard value >= 10 else {
            guard value >= 0 else { return append(String(value)) }
            return buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
        }
        var divisor: Int64 = 10
        while value / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { quote(UnsafeRawBufferPointer($0)) }
    }

    private mutating func quote(_ content: UnsafeRawBufferPointer) {
        if content.count <= Self.shortContent, quotePlain(content) { return }
        buffer.append(UInt8(ascii: "\""))
        var position = 0
        while position < content.count {
            if content.count > Self.longContent { position = copyRun(of: content, from: position) }
            position = escapeRun(of: content, from: position)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// The size up to which a string, such as the name of a member, is first assumed to have nothing to escape.
    private static let shortContent = 40

    /// Writes a short string, unless a character of it must be escaped.
    private mutating func quotePlain(_ content: UnsafeRawBufferPointer) -> Bool {
        let output = buffer.reserve(Self.shortContent + 16)
        output.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
        var position = 0
        while position < content.count {
            let count = min(8, content.count &- position)
            let word = content.word(at: position, count: count)
            if word.specialBytes != 0 { return false }
            output.storeBytes(of: word.littleEndian, toByteOffset: position &+ 1, as: UInt64.self)
            position &+= count
        }
        output.storeBytes(of: UInt8(ascii: "\""), toByteOffset: position &+ 1, as: UInt8.self)
        buffer.commit(position &+ 2)
        return true
    }

    /// The size from which it pays to search for long runs without characters to escape.
    private static let longContent = 4 << 10

    /// Copies everything before the next byte that must be escaped.
    private mutating func copyRun(of content: UnsafeRawBufferPointer, from start: Int) -> Int {
        let end = content.nextSpecialByte(from: start)
        if end > start { buffer.append(UnsafeRawBufferPointer(rebasing: content[start..<end])) }
        return end
    }

    /// Writes and escapes the next bytes, as many as fit into the buffer.
    ///
    /// JSON text inside a string has so many characters to escape that copying the runs between them would cost more.
    private mutating func escapeRun(of content: UnsafeRawBufferPointer, from start: Int) -> Int {
        // Two output bytes per input byte, plus one word that is always stored whole.
        let end = min(content.count, start &+ (buffer.capacity &- 8) &>> 1)
        let output = buffer.reserve(2 &* (end &- start) &+ 8)
        var (position, written) = (start, 0)
        while position < end {
            let count = min(8, end &- position)
            let word = content.word(at: position, count: count)
            output.storeBytes(of: word.littleEndian, toByteOffset: written, as: UInt64.self)
            let special = word.specialBytes
            let plain = special == 0 ? count : special.trailingZeroBitCount &>> 3
            position &+= plain
            written &+= plain
            if special == 0 { continue }
            let byte = content[position]
            position &+= 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.storeBytes(of: UInt8(ascii: "\\"), toByteOffset: written, as: UInt8.self)
                output.storeBytes(of: byte, toByteOffset: written &+ 1, as: UInt8.self)
                written &+= 2
            default:
                buffer.commit(written)
                escape(byte)
                return position
            }
        }
        buffer.commit(written)
        return position
    }

    /// Writes a control character.
    private mutating func escape(_ byte: UInt8) {
        buffer.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: buffer.append(UInt8(ascii: "b"))
        case 0x0C: buffer.append(UInt8(ascii: "f"))
        case 0x0A: buffer.append(UInt8(ascii: "n"))
        case 0x0D: buffer.append(UInt8(ascii: "r"))
        case 0x09: buffer.append(UInt8(ascii: "t"))
        default:
            append("u00")
            append(String(byte >> 4, radix: 16))
            append(String(byte & 15, radix: 16))
        }
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { buffer.append(UnsafeRawBufferPointer($0)) }
    }
}

extension UnsafeRawBufferPointer {
    /// The next one to eight bytes, the first one lowest, padded with spaces.
    @inline(__always)
    fileprivate func word(at position: Int, count: Int) -> UInt64 {
        if count == 8 { return load(UInt64.self, at: position) }
        let blanks = 0x2020_2020_2020_2020 as UInt64 &<< (8 &* UInt64(count))
        let end = position &+ count
        // Two overlapping loads are cheaper than one per byte.
        let bytes =
            switch count {
            case _ where end >= 8: load(UInt64.self, at: end &- 8) &>> (64 &- 8 &* UInt64(count))
            case 4...:
                UInt64(load(UInt32.self, at: position))
                    | UInt64(load(UInt32.self, at: end &- 4)) &<< (8 &* UInt64(count &- 4))
            case 2...:
                UInt64(load(UInt16.self, at: position))
                    | UInt64(load(UInt16.self, at: end &- 2)) &<< (8 &* UInt64(count &- 2))
            default: UInt64(self[position])
            }
        return bytes | blanks
    }

    @inline(__always)
    private func load<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type, at position: Int) -> Word {
        Word(littleEndian: loadUnaligned(fromByteOffset: position, as: Word.self))
    }

    /// The position of the next byte that a string must escape, or the end.
    fileprivate func nextSpecialByte(from start: Int) -> Int {
        var position = start
        while position &+ 8 <= count {
            let special = UInt64(littleEndian: loadUnaligned(fromByteOffset: position, as: UInt64.self)).specialBytes
            if special != 0 { return position &+ special.trailingZeroBitCount &>> 3 }
            position &+= 8
        }
        while position < count {
            let byte = self[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return position }
            position &+= 1
        }
        return position
    }
}

/// JSON text that is known to be valid, kept as the received bytes.
///
/// It can be forwarded without parsing, inspected without building a tree, and parsed into a tree. Members and elements
/// are slices of the same bytes; nothing is copied.
public struct JSONText: Sendable {
    /// The bytes of the value, without surrounding white space.
    public let bytes: ArraySlice<UInt8>

    /// Checks that the bytes are one JSON value.
    ///
    /// - Throws: ``JSONError``, as ``JSONValue/init(parsing:limits:)``.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let raw = bytes.span.bytes
        try JSONText.checkBytes(bytes, limits: limits)
        var scanner = JSONScanner(depth: limits.depth)
        scanner.skipWhitespace(in: raw)
        let start = scanner.position
        do throws(JSONError) {
            try scanner.skipValue(in: raw)
            let end = scanner.position
            try scanner.expectEnd(of: raw)
            self.bytes = bytes[start..<end]
        } catch {
            throw error.located(in: raw)
        }
    }

    /// Encodes a tree.
    public init(_ value: JSONValue) {
        var writer = JSONWriter()
        writer.write(value)
        bytes = writer.bytes[...]
    }

    /// Takes what a closure writes, which is one value; it is written in place if it fits the capacity.
    package init(capacity: Int, _ write: (inout JSONWriter) -> Void) {
        bytes = JSONWriter.bytes(capacity: capacity, write)[...]
    }

    /// Takes the output of a writer, which is valid by construction.
    package init(written writer: inout JSONWriter) {
        bytes = writer.bytes[...]
    }

    /// Takes a slice that a scanner has checked.
    package init(checked bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// Where a member of an object is, as offsets in the bytes that are scanned.
    package struct MemberRange {
        /// The name, without its quotes.
        package let key: Range<Int>
        /// Whether the name is written with escapes.
        package let keyHasEscapes: Bool
        /// The value.
        package let value: Range<Int>

        /// Whether this is the name.
        package func isNamed(_ name: StaticString, in raw: RawSpan) -> Bool {
            keyHasEscapes ? self.name(in: raw) == "\(name)" : raw.equals(name, at: key)
        }

        /// The name.
        package func name(in raw: RawSpan) -> String {
            // The text has been checked, so its escapes are valid.
            (try? JSONScanner.string(key, hasEscapes: keyHasEscapes, in: raw)) ?? ""
        }
    }

    /// Checks that the bytes are one JSON value and passes each member of an outermost object to a closure.
    ///
    /// A message is thus scanned only once, to validate it and to find its parts.
    package static func check(
        _ bytes: [UInt8],
        limits: JSONLimits,
        member: (RawSpan, MemberRange) -> Void
    ) throws(JSONError) -> JSONText {
        let raw = bytes.span.bytes
        try checkBytes(bytes, limits: limits)
        var scanner = JSONScanner(depth: limits.depth)
        scanner.skipWhitespace(in: raw)
        let start = scanner.position
        do throws(JSONError) {
            guard try scanner.peek(raw) == UInt8(ascii: "{") else { return try JSONText(bytes, limits: limits) }
            try scanner.scanObject(in: raw) { (scanner, key, hasEscapes) throws(JSONError) in
                let start = scanner.position
                try scanner.skipValue(in: raw)
                member(raw, MemberRange(key: key, keyHasEscapes: hasEscapes, value: start..<scanner.position))
            }
            let end = scanner.position
            try scanner.expectEnd(of: raw)
            return JSONText(checked: bytes[start..<end])
        } catch {
            throw error.located(in: raw)
        }
    }

    package static func checkBytes(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.tooLarge(bytes: bytes.count, limit: limits.bytes), at: limits.bytes)
        }
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw JSONError(.invalidUTF8, at: error.byteOffsets.lowerBound).located(in: bytes.span.bytes)
        }
    }
}

// MARK: - Inspection

extension JSONText {
    /// The kinds of value.
    public enum Kind: Sendable {
        /// The literal `null`.
        case null
        /// `true` or `false`.
        case bool
        /// A number.
        case number
        /// A string.
        case string
        /// An array.
        case array
        /// An object.
        case object
    }

    /// The kind of the value, determined by its first byte.
    public var kind: Kind {
        switch bytes.first {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        default: .number
        }
    }

    /// The text as a string.
    public var description: String {
        bytes.span.bytes.string
    }

    /// Parses the text into a tree.
    public func value() -> JSONValue {
        read { (scanner, raw) throws(JSONError) in try scanner.readValue(in: raw) } ?? .null
    }

    /// The value with its members or elements, but with empty arrays and objects in place of those among them.
    ///
    /// Shows what a large value is without the cost of parsing all of it.
    package var outline: JSONValue {
        switch kind {
        case .object:
            .object(JSONObject((members ?? []).map { JSONObject.Member(key: $0.key, value: $0.text.shell) }))
        case .array: .array((elements ?? []).map(\.shell))
        default: value()
        }
    }

    private var shell: JSONValue {
        switch kind {
        case .object: .object(JSONObject())
        case .array: .array([])
        default: value()
        }
    }

    /// The string, if this is one.
    public var string: String? {
        guard kind == .string else { return nil }
        return read { (scanner, raw) throws(JSONError) in try scanner.readString(in: raw) }
    }

    /// The beginning of a string, limited to that many bytes of its text, or nil if this is not a string.
    package func stringPrefix(bytes limit: Int) -> String? {
        guard kind == .string else { return nil }
        return read { (scanner, raw) throws(JSONError) in
            let end = min(limit + 1, raw.byteCount - 1)
            var safe = 1
            scanner.position = 1
            while safe < end {
                scanner.skipPlainCharacters(in: raw.extracting(0..<end))
                safe = scanner.position
                guard safe < end else { break }
                _ = try scanner.readEscape(in: raw)
                guard scanner.position <= end else { break }
                safe = scanner.position
            }
            // Do not cut a character.
            while safe > 1, raw.unsafeLoad(fromByteOffset: safe, as: UInt8.self) & 0xC0 == 0x80 { safe -= 1 }
            return try JSONScanner.string(1..<safe, hasEscapes: true, in: raw)
        }
    }

    /// The truth value, if this is one.
    public var bool: Bool? {
        kind == .bool ? bytes.first == UInt8(ascii: "t") : nil
    }

    /// The number, if this is one.
    public var number: JSONNumber? {
        guard kind == .number else { return nil }
        return read { (scanner, raw) throws(JSONError) in try scanner.readNumber(in: raw) }
    }

    /// The last member with that name, or nil if there is none or this is not an object.
    public subscript(key: StaticString) -> JSONText? {
        guard kind == .object else { return nil }
        var found: Range<Int>?
        scanMembers { raw, member in
            if member.isNamed(key, in: raw) { found = member.value }
        }
        return found.map(slice)
    }

    /// The value of the first member of an object, if that has the name; nothing behind it is read.
    package func firstMember(_ name: String) -> JSONText? {
        guard kind == .object else { return nil }
        return read { (scanner, raw) throws(JSONError) in
            scanner.position = 1
            scanner.skipWhitespace(in: raw)
            guard try scanner.peek(raw) == UInt8(ascii: "\"") else { return nil }
            let keyStart = scanner.position + 1
            let hasEscapes = try scanner.skipString(in: raw)
            let key = keyStart..<scanner.position - 1
            guard try JSONScanner.string(key, hasEscapes: hasEscapes, in: raw) == name else { return nil }
            scanner.skipWhitespace(in: raw)
            scanner.position += 1
            scanner.skipWhitespace(in: raw)
            let start = scanner.position
            scanner.skipChecked(in: raw)
            return slice(start..<scanner.position)
        } ?? nil
    }

    /// The members in order, if this is an object.
    public var members: [(key: String, text: JSONText)]? {
        guard kind == .object else { return nil }
        var members: [(key: String, text: JSONText)] = []
        members.reserveCapacity(4)
        scanMembers { raw, member in members.append((member.name(in: raw), slice(member.value))) }
        return members
    }

    /// The object with the members of another added, both of which are compact and not empty.
    package func adding(_ other: JSONText) -> JSONText {
        let count = bytes.count + other.bytes.count - 1
        let joined = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let output = UnsafeMutableRawBufferPointer(buffer)
            bytes.withUnsafeBytes { output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.dropLast())) }
            output[bytes.count - 1] = UInt8(ascii: ",")
            let rest = UnsafeMutableRawBufferPointer(rebasing: output[bytes.count...])
            other.bytes.withUnsafeBytes { rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
            filled = count
        }
        return JSONText(checked: joined[...])
    }

    /// Passes the elements of an array to a closure, in order; none if this is not an array.
    package func scanElements(_ element: (JSONText) -> Void) {
        guard kind == .array else { return }
        _ = read { (scanner, raw) throws(JSONError) in
            try scanner.scanArray(in: raw) { (scanner) throws(JSONError) in
                let start = scanner.position
                scanner.skipChecked(in: raw)
                element(slice(start..<scanner.position))
            }
        }
    }

    /// The elements in order, if this is an array.
    public var elements: [JSONText]? {
        guard kind == .array else { return nil }
        return read(readElements)
    }

    private func readElements(_ scanner: inout JSONScanner, _ raw: RawSpan) throws(JSONError) -> [JSONText] {
        var elements: [JSONText] = []
        try scanner.scanArray(in: raw) { (scanner) throws(JSONError) in
            let start = scanner.position
            scanner.skipChecked(in: raw)
            elements.append(slice(start..<scanner.position))
        }
        return elements
    }

    /// The members in order, if this is an object, and the elements of the last one with a name, if that is an array.
    ///
    /// Found in one pass, because such an array may be nearly all of the text.
    package func members(
        withElementsOf name: String
    ) -> (members: [(key: String, text: JSONText)], elements: [JSONText]?)? {
        guard kind == .object else { return nil }
        var members: [(key: String, text: JSONText)] = []
        var elements: [JSONText]?
        _ = read { (scanner, raw) throws(JSONError) in
            try scanner.scanObject(in: raw) { (scanner, key, hasEscapes) throws(JSONError) in
                let start = scanner.position
                let key = try JSONScanner.string(key, hasEscapes: hasEscapes, in: raw)
                let isArray = try scanner.peek(raw) == UInt8(ascii: "[")
                if key == name { elements = isArray ? try readElements(&scanner, raw) : nil }
                if key != name || !isArray { scanner.skipChecked(in: raw) }
                members.append((key, slice(start..<scanner.position)))
            }
        }
        return (members, elements)
    }

    /// Whether an object at any depth may have duplicate keys.
    ///
    /// A cheap test that is nearly always false; ``JSONValue/duplicateKeys()`` finds the keys.
    package var mayHaveDuplicateKeys: Bool {
        read { (scanner, raw) throws(JSONError) in
            var comparisons = 32
            return try scanner.findsDuplicateKeys(in: raw, comparisons: &comparisons)
        } ?? false
    }

    /// Passes the members of an object to a closure, in order.
    package func scanMembers(_ member: (RawSpan, MemberRange) -> Void) {
        _ = read { (scanner, raw) throws(JSONError) in
            try scanner.scanObject(in: raw) { (scanner, key, hasEscapes) throws(JSONError) in
                let start = scanner.position
                scanner.skipChecked(in: raw)
                member(raw, MemberRange(key: key, keyHasEscapes: hasEscapes, value: start..<scanner.position))
            }
        }
    }

    /// A value within this one.
    package func slice(_ range: Range<Int>) -> JSONText {
        JSONText(checked: bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)])
    }

    /// Reads text that was checked before, which cannot fail.
    private func read<Result>(_ body: (inout JSONScanner, RawSpan) throws(JSONError) -> Result) -> Result? {
        var scanner = JSONScanner(depth: .max)
        do throws(JSONError) {
            return try body(&scanner, bytes.span.bytes)
        } catch {
            assertionFailure("checked JSON text cannot be read: \(error)")
            return nil
        }
    }
}

extension JSONText: CustomStringConvertible {}

extension RawSpan {
    /// Whether the bytes in a range are this word.
    package func equals(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<range.count
        where unsafeLoad(fromByteOffset: range.lowerBound &+ index, as: UInt8.self) != word.utf8Start[index] {
            return false
        }
        return true
    }
}

public import JSON
public import MCPHTTP

/// Replaces known secrets by `‹redacted:kind›` wherever they occur.
///
/// The one entry point for everything that leaves the program: ``redact(_:)-(JSONText)`` where a report or a payload is
/// written as JSON, and ``redact(_:)-(String)`` where a log line, a frame or a text for people is written. Without secrets
/// both return their input at once.
///
/// A secret is found as it is, escaped as in JSON, and escaped as in URLs. Numbers are not searched, so that JSON stays
/// valid, and keys only for long secrets.
public struct Redactor: Sendable {
    private struct Needle: Sendable, Hashable {
        var bytes: [UInt8]
        var kind: Secret.Kind
    }

    /// The secrets in all their forms, longest first, so that one within another does not hide the longer one.
    private var needles: [Needle] = []
    /// Whether a needle begins with a byte.
    private var begins: [Bool] = []

    /// The text that stands in for a secret.
    public static func placeholder(_ kind: Secret.Kind) -> String { Redaction.placeholder(kind) }

    /// Creates a redactor that replaces nothing.
    public init() {}

    /// Creates a redactor of secrets.
    public init(_ secrets: [Secret]) {
        for secret in secrets { add(secret) }
    }

    /// Creates a redactor for one text whose parts are known to be secret, however short.
    init(_ secrets: [Secret], minimumLength: Int) {
        for secret in secrets where secret.value.utf8.count >= minimumLength { insert(secret.value, secret.kind) }
    }

    /// Whether it replaces nothing.
    public var isEmpty: Bool { needles.isEmpty }

    /// Adds a secret, unless it is too short to be looked for.
    ///
    /// - Returns: Whether it was new.
    @discardableResult
    public mutating func add(_ secret: Secret) -> Bool {
        guard secret.isSearched else { return false }
        let count = needles.count
        insert(secret.value, secret.kind)
        guard needles.count > count else { return false }
        for form in Self.escapedForms(of: secret.value) { insert(form, secret.kind) }
        return true
    }

    /// The forms of a secret with special characters: in JSON, in JSON within a string of JSON, in a literal of a
    /// programming language, and in a URL.
    private static func escapedForms(of secret: String) -> [String] {
        guard !secret.utf8.allSatisfy(isPlain) else { return [] }
        let forms = [inJSON(secret), inASCII(inJSON(secret)), secret.replacing("\\", with: "\\\\")]
        return forms + forms.flatMap { [inJSON($0), inASCII(inJSON($0))] } + [percentEncoded(secret)]
    }

    /// Whether a byte is the same in every form.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func inJSON(_ text: String) -> String {
        String(JSONValue.string(text).description.dropFirst().dropLast())
    }

    /// A JSON text as programs write it that escape everything but ASCII.
    private static func inASCII(_ text: String) -> String {
        var escaped = ""
        for unit in text.utf16 {
            if unit < 0x80 {
                escaped.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return escaped
    }

    private mutating func insert(_ text: String, _ kind: Secret.Kind) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, !needles.contains(where: { $0.bytes == bytes }) else { return }
        if begins.isEmpty { begins = [Bool](repeating: false, count: 256) }
        begins[Int(first)] = true
        let place = needles.firstIndex { $0.bytes.count < bytes.count } ?? needles.endIndex
        needles.insert(Needle(bytes: bytes, kind: kind), at: place)
    }

    /// A text as a query of a URL has it.
    private static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return encoded
    }
}

// MARK: - Replacing

extension Redactor {
    /// A text without the secrets.
    public func redact(_ text: String) -> String {
        guard !isEmpty else { return text }
        return redacted(Array(text.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The bytes of a text without the secrets.
    public func redact(_ bytes: [UInt8]) -> [UInt8] {
        guard !isEmpty else { return bytes }
        return redacted(bytes[...]) ?? bytes
    }

    /// A JSON text without the secrets; it stays valid.
    public func redact(_ text: JSONText) -> JSONText {
        guard !isEmpty, let bytes = redactedJSON(text.bytes) else { return text }
        do throws(JSONError) {
            return try JSONText(bytes)
        } catch {
            // The placeholders are valid in strings, and only strings are changed.
            preconditionFailure("redacting made invalid JSON: \(error)")
        }
    }

    /// A value without the secrets.
    public func redact(_ value: JSONValue) -> JSONValue {
        guard !isEmpty else { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let elements): return .array(elements.map(redact))
        case .object(let object): return .object(redact(object))
        default: return value
        }
    }

    /// An object without the secrets.
    public func redact(_ object: JSONObject) -> JSONObject {
        guard !isEmpty else { return object }
        return JSONObject(
            object.members.map { member in
                let key = redacted(Array(member.key.utf8)[...], minimumLength: Secret.minimumLengthInKeys)
                return JSONObject.Member(
                    key: key.map { String(decoding: $0, as: UTF8.self) } ?? member.key,
                    value: redact(member.value)
                )
            }
        )
    }

    /// The bytes without the secrets; nil if none occurs.
    private func redacted(_ bytes: ArraySlice<UInt8>, minimumLength: Int = 0) -> [UInt8]? {
        var kept: [UInt8] = []
        var keptUpTo = bytes.startIndex
        var position = bytes.startIndex
        bytes.withUnsafeBufferPointer { buffer in
            let offset = bytes.startIndex
            while position < bytes.endIndex {
                guard begins[Int(buffer[position - offset])],
                    let needle = needles.first(where: { needle in
                        needle.bytes.count >= minimumLength
                            && Self.occurs(needle.bytes, at: position - offset, of: buffer)
                    })
                else {
                    position += 1
                    continue
                }
                kept += bytes[keptUpTo..<position]
                kept += Self.placeholder(needle.kind).utf8
                position += needle.bytes.count
                keptUpTo = position
            }
        }
        guard keptUpTo > bytes.startIndex else { return nil }
        return kept + bytes[keptUpTo...]
    }

    private static func occurs(_ needle: [UInt8], at place: Int, of buffer: UnsafeBufferPointer<UInt8>) -> Bool {
        guard buffer.count - place >= needle.count else { return false }
        for index in needle.indices where buffer[place + index] != needle[index] { return false }
        return true
    }

    /// The bytes of a JSON text with the secrets in its strings replaced; nil if none occurs.
    private func redactedJSON(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        // Most texts have no secret at all, and escapes other than those of our writer are rare.
        if !mayOccur(in: bytes) { return nil }
        var kept: [UInt8] = []
        var keptUpTo = bytes.startIndex
        var position = bytes.startIndex
        while let quote = bytes[position...].firstIndex(of: UInt8(ascii: "\"")) {
            let string = Self.string(in: bytes, from: quote)
            position = string.end
            let next = bytes[position...].first { $0 > 0x20 }
            let length = next == UInt8(ascii: ":") ? Secret.minimumLengthInKeys : 0
            guard let replaced = redacted(string, of: bytes, minimumLength: length) else { continue }
            kept += bytes[keptUpTo..<quote]
            kept += replaced
            keptUpTo = string.end
        }
        guard keptUpTo > bytes.startIndex else { return nil }
        return kept + bytes[keptUpTo...]
    }

    private func mayOccur(in bytes: ArraySlice<UInt8>) -> Bool {
        bytes.contains(UInt8(ascii: "\\")) || redacted(bytes) != nil
    }

    private struct JSONString {
        var start: Int
        var end: Int
        var hasEscape: Bool
    }

    /// The string that begins with the quote at a position.
    private static func string(in bytes: ArraySlice<UInt8>, from quote: Int) -> JSONString {
        var position = quote + 1
        var hasEscape = false
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        return JSONString(start: quote, end: min(position + 1, bytes.endIndex), hasEscape: hasEscape)
    }

    private func redacted(_ string: JSONString, of bytes: ArraySlice<UInt8>, minimumLength: Int) -> [UInt8]? {
        let text = bytes[string.start..<string.end]
        guard string.hasEscape else { return redacted(text, minimumLength: minimumLength) }
        // Escapes may be written in several ways, so the content is searched and written again.
        do throws(JSONError) {
            guard let content = try JSONText(Array(text)).string,
                let replaced = redacted(Array(content.utf8)[...], minimumLength: minimumLength)
            else { return nil }
            return Array(JSONValue.string(String(decoding: replaced, as: UTF8.self)).description.utf8)
        } catch {
            return nil
        }
    }
}

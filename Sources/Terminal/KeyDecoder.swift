/// Turns the bytes that a terminal sends into keys, in pieces of any size.
///
/// Source: ECMA-48, "Control sequences"; xterm, "Control Sequences" (function keys and bracketed paste).
package struct KeyDecoder: Sendable {
    private enum State {
        case text
        /// After the escape byte.
        case escape
        /// After `ESC [`, with the parameters so far.
        case sequence([UInt8])
        /// After `ESC O`.
        case singleShift
        /// In a bracketed paste, with what was pasted so far.
        case paste([UInt8])
    }

    private var state = State.text
    /// The bytes of a character that is not complete.
    private var partial: [UInt8] = []

    /// A paste that is longer is cut, so that no one fills our memory.
    private static let longestPaste = 1 << 20
    private static let longestSequence = 32
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    package init() {}

    /// Whether an escape byte waits for what follows it, or for ``flush()`` because it was a key of its own.
    package var waitsAfterEscape: Bool {
        if case .escape = state { true } else { false }
    }

    /// Decodes more bytes.
    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes { decode(byte, into: &keys) }
        return keys
    }

    /// The key that is left if no more bytes come.
    package mutating func flush() -> [Key] {
        guard case .escape = state else { return [] }
        state = .text
        return [.escape]
    }

    private mutating func decode(_ byte: UInt8, into keys: inout [Key]) {
        switch state {
        case .text: decodeText(byte, into: &keys)
        case .escape:
            state = .text
            switch byte {
            case UInt8(ascii: "["): state = .sequence([])
            case UInt8(ascii: "O"): state = .singleShift
            case 0x1B:
                keys.append(.escape)
                state = .escape
            case 0x7F: keys.append(.alt("\u{7F}"))
            case 0x20..<0x7F: keys.append(.alt(Character(Unicode.Scalar(byte))))
            default:
                keys.append(.escape)
                decodeText(byte, into: &keys)
            }
        case .singleShift:
            state = .text
            if let key = Self.key(final: byte, parameters: []) { keys.append(key) }
        case .sequence(var parameters):
            guard (0x40...0x7E).contains(byte) else {
                parameters.append(byte)
                state = parameters.count > Self.longestSequence ? .text : .sequence(parameters)
                return
            }
            state = .text
            let numbers = String(decoding: parameters, as: UTF8.self).split(separator: ";").map { Int($0) ?? 0 }
            if byte == UInt8(ascii: "~"), numbers.first == 200 {
                state = .paste([])
            } else if let key = Self.key(final: byte, parameters: numbers) {
                keys.append(key)
            }
        case .paste(var pasted):
            // Released first, so that appending does not copy what is there.
            state = .text
            pasted.append(byte)
            if pasted.suffix(Self.pasteEnd.count) == Self.pasteEnd[...] {
                keys.append(.paste(String(decoding: pasted.dropLast(Self.pasteEnd.count), as: UTF8.self)))
            } else {
                if pasted.count > Self.longestPaste { pasted.removeFirst(pasted.count / 2) }
                state = .paste(pasted)
            }
        }
    }

    private mutating func decodeText(_ byte: UInt8, into keys: inout [Key]) {
        if byte >= 0x80 {
            partial.append(byte)
            // A character has at most four bytes; what is invalid becomes U+FFFD.
            guard partial.count >= Self.length(of: partial[0]) else { return }
            Self.add(String(decoding: partial, as: UTF8.self), to: &keys)
            partial = []
            return
        }
        if !partial.isEmpty {
            Self.add("\u{FFFD}", to: &keys)
            partial = []
        }
        switch byte {
        case 0x1B: state = .escape
        case 0x0D, 0x0A: keys.append(.enter)
        case 0x09: keys.append(.tab)
        case 0x7F, 0x08: keys.append(.backspace)
        case 0x01...0x1A: keys.append(.control(Character(Unicode.Scalar(byte + 0x60))))
        case 0x20...: Self.add(String(Unicode.Scalar(byte)), to: &keys)
        // The remaining control characters have no meaning for an editor, except for `Ctrl-_`.
        case 0x1F: keys.append(.control("_"))
        default: break
        }
    }

    /// The number of bytes of a character by its first byte.
    private static func length(of first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// Adds characters to the last key if that is text, too.
    private static func add(_ text: String, to keys: inout [Key]) {
        if case .text(let earlier)? = keys.last {
            keys[keys.count - 1] = .text(earlier + text)
        } else {
            keys.append(.text(text))
        }
    }

    private static func key(final: UInt8, parameters: [Int]) -> Key? {
        // The second parameter has the modifiers; any of them makes an arrow move by words.
        let isModified = parameters.count > 1 && parameters[1] > 1
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return isModified ? .wordRight : .right
        case UInt8(ascii: "D"): return isModified ? .wordLeft : .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "~"):
            switch parameters.first {
            case 1, 7: return .home
            case 4, 8: return .end
            case 3: return .delete
            default: return nil
            }
        default: return nil
        }
    }
}

/// A place in a JSON document, as RFC 6901 writes it.
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The names and indices on the way, unescaped.
    public private(set) var tokens: [String]

    /// Creates a pointer from unescaped tokens; none means the whole document.
    public init(_ tokens: [String] = []) {
        self.tokens = tokens
    }

    /// Reads a pointer in its string form, or nothing if it neither is empty nor begins with `/`, or a `~` stands alone.
    public init?(_ text: String) {
        guard !text.isEmpty else {
            self.init([])
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.init(tokens)
    }

    /// The string form, `""` for the whole document.
    public var description: String {
        tokens.reduce(into: "") { text, token in
            text += "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// The place of a member below this one.
    public func appending(_ token: String) -> JSONPointer {
        JSONPointer(tokens + [token])
    }

    /// The place of an element below this one.
    public func appending(_ index: Int) -> JSONPointer {
        appending(String(index))
    }

    private static func unescape(_ part: Substring) -> String? {
        guard part.contains("~") else { return String(part) }
        var text = ""
        var scalars = part.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "~" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.next() {
            case "0": text += "~"
            case "1": text += "/"
            default: return nil
            }
        }
        return text
    }
}

extension JSONValue {
    /// The value at that place, if there is one.
    public subscript(pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let elements):
                // An index has no sign and no leading zero.
                guard let index = Int(token), String(index) == token, elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}

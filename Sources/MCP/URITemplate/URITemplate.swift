/// A URI template: a URI with variables, which it fills in or extracts from a URI.
///
/// Source: RFC 6570, all four levels.
public struct URITemplate: Sendable {
    enum Part: Sendable, Hashable {
        case literal([UInt8])
        case expression(Operator, [Variable])
    }

    struct Variable: Sendable, Hashable {
        var name: String
        /// The maximum length of the value, in characters.
        var prefix: Int?
        /// Whether lists and pairs are exploded (`*`).
        var explodes = false
    }

    /// The operator of an expression, which determines prefix and separator.
    enum Operator: UInt8, Sendable {
        case simple = 0
        case reserved = 0x2B  // +
        case fragment = 0x23  // #
        case label = 0x2E  // .
        case path = 0x2F  // /
        case parameter = 0x3B  // ;
        case query = 0x3F  // ?
        case continuation = 0x26  // &
    }

    /// An error in a template.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// The offset of the fault in bytes.
        public let offset: Int
        /// The reason.
        public let reason: String
        /// The reason and the offset.
        public var description: String { "invalid URI template (RFC 6570): \(reason) at byte \(offset)" }
    }

    let parts: [Part]

    /// The names of its variables in their order, each once.
    public var variables: [String] {
        var names: [String] = []
        for case .expression(_, let variables) in parts {
            for variable in variables where !names.contains(variable.name) { names.append(variable.name) }
        }
        return names
    }

    /// Parses a template.
    public init(_ text: String) throws(Fault) {
        var parts: [Part] = []
        let bytes = Array(text.utf8)
        var position = 0
        while position < bytes.count {
            let start = position
            if bytes[start] == UInt8(ascii: "{") {
                guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
                    throw Fault(offset: start, reason: "\"{\" without \"}\"")
                }
                parts.append(try Self.expression(bytes[(start + 1)..<end]))
                position = end + 1
            } else {
                position = bytes[start...].firstIndex(of: UInt8(ascii: "{")) ?? bytes.count
                if let stray = bytes[start..<position].firstIndex(of: UInt8(ascii: "}")) {
                    throw Fault(offset: stray, reason: "\"}\" without \"{\"")
                }
                parts.append(.literal(Array(bytes[start..<position])))
            }
        }
        self.parts = parts
    }

    private static func expression(_ content: ArraySlice<UInt8>) throws(Fault) -> Part {
        guard let first = content.first else {
            throw Fault(offset: content.startIndex, reason: "empty expression \"{}\"")
        }
        let isVariable = first.isWordByte || first == UInt8(ascii: "%")
        let kind = isVariable ? Operator.simple : Operator(rawValue: first)
        guard let kind else {
            throw Fault(offset: content.startIndex, reason: "unknown operator '\(Character(UnicodeScalar(first)))'")
        }
        let names = isVariable ? content : content.dropFirst()
        var variables: [Variable] = []
        for name in names.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            variables.append(try variable(name))
        }
        return .expression(kind, variables)
    }

    private static func variable(_ text: ArraySlice<UInt8>) throws(Fault) -> Variable {
        var name = text
        var variable = Variable(name: "")
        if name.last == UInt8(ascii: "*") {
            variable.explodes = true
            name.removeLast()
        } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
            let digits = name[(colon + 1)...]
            guard let prefix = Int(String(decoding: digits, as: UTF8.self)), (1..<10000).contains(prefix) else {
                throw Fault(offset: colon, reason: "expected a length from 1 to 9999 after \":\"")
            }
            variable.prefix = prefix
            name = name[..<colon]
        }
        let isName = name.allSatisfy { $0.isWordByte || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "%") }
        guard !name.isEmpty, isName, name.first != UInt8(ascii: "."), name.last != UInt8(ascii: ".") else {
            throw Fault(offset: text.startIndex, reason: "expected a variable name")
        }
        variable.name = String(decoding: name, as: UTF8.self)
        return variable
    }
}

extension UInt8 {
    /// Whether the byte is a letter, a digit or `_`.
    var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// A server to be written to a configuration file: a program with its arguments.
public struct ServerEntry: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The program.
    public var command: String
    /// Its arguments.
    public var arguments: [String]

    /// Creates an entry.
    public init(name: String, command: String, arguments: [String]) {
        self.name = name
        self.command = command
        self.arguments = arguments
    }

    /// The members of the entry, those of the host first; values are as they are written in JSON, and in TOML.
    func members(prefix: [(key: String, value: String)]) -> [(key: String, text: String)] {
        let list = arguments.map(Self.quoted).joined(separator: ", ")
        return prefix.map { ($0.key, Self.quoted($0.value)) } + [
            ("command", Self.quoted(command)), ("args", "[\(list)]"),
        ]
    }

    /// A string in quotes, valid in JSON and in TOML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// A change of a file's text.
struct TextEdit {
    var range: Range<Int>
    var text: String

    /// The bytes with all edits, whose ranges do not overlap.
    static func apply(_ edits: [TextEdit], to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        // Edits at the same place keep their order.
        for edit in edits.enumerated().sorted(by: {
            ($0.element.range.lowerBound, $0.offset) > ($1.element.range.lowerBound, $1.offset)
        }) {
            bytes.replaceSubrange(edit.element.range, with: edit.element.text.utf8)
        }
        return bytes
    }
}

extension ConfigurationNode.Content {
    /// Whether a value is what a text of ``ServerEntry`` says: a string or an array of strings.
    func says(_ text: String) -> Bool {
        switch self {
        case .string(let value): ServerEntry.quoted(value) == text
        case .array(let elements):
            "[\(elements.map { ServerEntry.quoted($0.string ?? "\0") }.joined(separator: ", "))]" == text
        default: false
        }
    }
}

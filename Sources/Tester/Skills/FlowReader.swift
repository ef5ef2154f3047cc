import JSON

/// Reads the part of YAML that resembles JSON: quoted scalars, `[a, b]` and `{a: b}`.
struct FlowReader {
    typealias Problem = Frontmatter.Problem

    let text: String
    private let scalars: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    /// Whether all quotes and brackets are closed.
    var isComplete: Bool {
        var depth = 0
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in scalars {
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if scalar == "\\", open == "\"" {
                    isEscaped = true
                } else if scalar == open {
                    quote = nil
                }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == "[" || scalar == "{" {
                depth += 1
            } else if scalar == "]" || scalar == "}" {
                depth -= 1
            }
        }
        return quote == nil && depth <= 0
    }

    /// The value, after which only a comment may follow.
    mutating func document() throws(Problem) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard index == scalars.count || scalars[index] == "#" else {
            throw .invalid("text follows a quoted value or a bracket: \(text)")
        }
        return value
    }

    private mutating func skipSpace() {
        while index < scalars.count, [" ", "\t", "\n"].contains(scalars[index]) { index += 1 }
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        skipSpace()
        guard depth < 32 else { throw .unsupported("brackets nested deeper than 32") }
        switch next {
        case "\"": return .string(try doubleQuoted())
        case "'": return .string(try singleQuoted())
        case "[": return try array(depth: depth)
        case "{": return try object(depth: depth)
        case "&", "*", "!": throw .unsupported("anchors, aliases and tags")
        case nil: throw .invalid("a value is missing: \(text)")
        default: return try YAMLReader.scalar(plain(endingAtColon: false))
        }
    }

    private mutating func array(depth: Int) throws(Problem) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        while true {
            skipSpace()
            if next == "]" { break }
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if next == "," { index += 1 } else if next != "]" { throw .invalid("a bracket is not closed: \(text)") }
        }
        index += 1
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(Problem) -> JSONValue {
        index += 1
        var object = JSONObject()
        while true {
            skipSpace()
            if next == "}" { break }
            let key: String
            switch next {
            case "\"": key = try doubleQuoted()
            case "'": key = try singleQuoted()
            default: key = plain(endingAtColon: true)
            }
            skipSpace()
            if next == ":" {
                index += 1
                object.append(key, try value(depth: depth + 1))
            } else {
                object.append(key, .null)
            }
            skipSpace()
            if next == "," { index += 1 } else if next != "}" { throw .invalid("a brace is not closed: \(text)") }
        }
        index += 1
        return .object(object)
    }

    private mutating func plain(endingAtColon: Bool) -> String {
        var result = String.UnicodeScalarView()
        while let scalar = next, ![",", "]", "}", "[", "{"].contains(scalar) {
            if endingAtColon, scalar == ":" { break }
            result.append(scalar)
            index += 1
        }
        while result.last == " " { result.removeLast() }
        return String(result)
    }

    private mutating func singleQuoted() throws(Problem) -> String {
        index += 1
        var result = String.UnicodeScalarView()
        while let scalar = next {
            index += 1
            if scalar == "'" {
                guard next == "'" else { return String(result) }
                index += 1
            }
            result.append(scalar)
        }
        throw .invalid("a quote is not closed: \(text)")
    }

    private mutating func doubleQuoted() throws(Problem) -> String {
        index += 1
        var result = String.UnicodeScalarView()
        while let scalar = next {
            index += 1
            if scalar == "\"" { return String(result) }
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard let escape = next else { break }
            index += 1
            result.append(try escaped(escape))
        }
        throw .invalid("a quote is not closed: \(text)")
    }

    private mutating func escaped(_ scalar: Unicode.Scalar) throws(Problem) -> Unicode.Scalar {
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "0": return "\0"
        case "\\", "\"", "/", " ": return scalar
        case "x", "u", "U":
            let length = scalar == "x" ? 2 : scalar == "u" ? 4 : 8
            let digits = scalars[index..<min(index + length, scalars.count)].map(String.init).joined()
            index += digits.unicodeScalars.count
            guard digits.count == length, let code = UInt32(digits, radix: 16), let decoded = Unicode.Scalar(code)
            else {
                throw .invalid("an escape is not valid: \(text)")
            }
            return decoded
        default: throw .unsupported("the escape \\\(scalar)")
        }
    }
}

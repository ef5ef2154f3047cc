/// The forms of references to variables that a host replaces.
public struct VariableSyntax: OptionSet, Sendable {
    /// The set as bits.
    public let rawValue: Int

    /// Creates a set from bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// `$NAME`.
    static let plainName = VariableSyntax(rawValue: 1)
    /// `${NAME}`.
    static let bracedName = VariableSyntax(rawValue: 2)
    /// `${NAME:-default}`.
    static let defaultValue = VariableSyntax(rawValue: 4)
    /// `${env:NAME}`.
    static let environmentPrefix = VariableSyntax(rawValue: 8)
    /// `${userHome}`, `${workspaceFolder}`, `${workspaceFolderBasename}`, `${pathSeparator}` and `${/}`.
    static let editor = VariableSyntax(rawValue: 16)
    /// `${input:id}`.
    static let input = VariableSyntax(rawValue: 32)
    /// `${file:path}`: the content of a file.
    static let filePrefix = VariableSyntax(rawValue: 64)
}

/// A reference in a text.
enum VariableReference: Equatable {
    case variable(String, defaultValue: String?)
    /// A value of the editor, such as `workspaceFolder`.
    case editor(String)
    case input(String)
    case file(String)
    /// A form that the host does not replace, or that only its own program knows, such as `${command:…}`.
    case unknown(isLiteral: Bool)

    /// Reads what stands between the braces.
    init(_ body: String, syntax: VariableSyntax) {
        let editorNames = ["userHome", "workspaceFolder", "workspaceFolderBasename", "pathSeparator", "/", "cwd"]
        if let rest = body.dropping("env:"), syntax.contains(.environmentPrefix) {
            self = .variable(rest, defaultValue: nil)
        } else if let rest = body.dropping("input:"), syntax.contains(.input) {
            self = .input(rest)
        } else if let rest = body.dropping("file:"), syntax.contains(.filePrefix) {
            self = .file(rest)
        } else if editorNames.contains(body), syntax.contains(.editor) {
            self = .editor(body)
        } else if isVariableName(body), syntax.contains(.bracedName) {
            self = .variable(body, defaultValue: nil)
        } else if let mark = body.firstRange(of: ":-"), isVariableName(String(body[..<mark.lowerBound])),
            syntax.contains(.defaultValue)
        {
            self = .variable(String(body[..<mark.lowerBound]), defaultValue: String(body[mark.upperBound...]))
        } else {
            self = .unknown(isLiteral: !syntax.contains(.editor) || !body.contains(":"))
        }
    }
}

/// A part of a text: literal, or a reference as it is written.
enum VariableText {
    case literal(Substring)
    case reference(VariableReference, written: Substring)

    /// Splits a text.
    static func parts(of text: String, syntax: VariableSyntax) -> [VariableText] {
        var parts: [VariableText] = []
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { parts.append(.literal(rest[..<dollar])) }
            rest = rest[dollar...]
            let body = rest.dropFirst()
            if body.first == "{", let end = closingBrace(of: body) {
                let written = rest[...end]
                let content = String(body[body.index(after: body.startIndex)..<end])
                parts.append(.reference(VariableReference(content, syntax: syntax), written: written))
                rest = rest[rest.index(after: end)...]
                continue
            }
            let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if isVariableName(String(name)) {
                let written = rest[..<name.endIndex]
                let isReplaced = syntax.contains(.plainName)
                let reference: VariableReference =
                    isReplaced ? .variable(String(name), defaultValue: nil) : .unknown(isLiteral: true)
                parts.append(.reference(reference, written: written))
                rest = rest[name.endIndex...]
            } else {
                parts.append(.literal(rest.prefix(1)))
                rest = body
            }
        }
        if !rest.isEmpty { parts.append(.literal(rest)) }
        return parts
    }

    /// The brace that closes the one at the start; a default value may contain references.
    private static func closingBrace(of text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }
}

private func isVariableName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    }
}

extension String {
    fileprivate func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : nil
    }
}

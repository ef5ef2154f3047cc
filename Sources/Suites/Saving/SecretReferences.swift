import JSON
import Tester

/// Writes values for a suite, with references to variables in place of secrets.
struct SecretReferences {
    private let redactor: Redactor
    /// The values of the target's own variables and headers by the variables that stand for them, longest first.
    private let known: [(value: String, name: String)]
    /// The texts that were replaced, by the variables that stand for them.
    private var replaced: [String: String] = [:]

    /// - Parameter variables: The variables and headers of the target.
    init(_ redactor: Redactor, variables: [(name: String, value: String)]) {
        self.redactor = redactor
        known =
            variables
            .filter { $0.value.utf8.count >= Secret.minimumLength && redactor.redact($0.value) != $0.value }
            .map { ($0.value, Self.variable($0.name)) }
            .sorted { $0.value.utf8.count > $1.value.utf8.count }
    }

    /// The variables that were referred to.
    private(set) var names: [String] = []

    func hasSecret(_ text: String) -> Bool { redactor.redact(text) != text }

    /// A text for people, without the secrets.
    func redacted(_ text: String) -> String { redactor.redact(text) }

    /// A reference to the variable that stands for a value of the target.
    mutating func reference(to name: String) -> String {
        let variable = Self.variable(name)
        note(variable)
        return "\"${\(variable)}\""
    }

    /// A value as YAML on one line.
    ///
    /// - Parameter key: What the value is called, from which variables get their names.
    mutating func text(of value: JSONValue, key: String) -> String { ReferenceText.yaml(marked(value, key)) }

    /// A text with a secret at its end, such as `--token=secret`.
    mutating func text(_ beginning: String, endingIn secret: String, key: String) -> String {
        ReferenceText.yaml(.string(beginning + marked(secret, key)))
    }

    private mutating func marked(_ value: JSONValue, _ key: String) -> JSONValue {
        switch value {
        case .string(let text): return .string(marked(text, key))
        case .array(let elements):
            var marked: [JSONValue] = []
            for element in elements { marked.append(self.marked(element, key)) }
            return .array(marked)
        case .object(let object):
            var marked = JSONObject()
            for member in object.members { marked.append(member.key, self.marked(member.value, member.key)) }
            return .object(marked)
        default: return value
        }
    }

    private mutating func marked(_ text: String, _ key: String) -> String {
        guard hasSecret(text) else { return text }
        var text = text
        for (value, name) in known where text.contains(value) {
            text = text.replacing(value, with: ReferenceText.reference(to: name))
            note(name)
        }
        guard hasSecret(text) else { return text }
        let name = name(for: text, key)
        note(name)
        return ReferenceText.reference(to: name)
    }

    /// The same name for the same text, and another one for another text.
    private mutating func name(for text: String, _ key: String) -> String {
        let base = Self.variable(key.isEmpty ? "secret" : key)
        var (name, number) = (base, 2)
        while let other = replaced[name], other != text {
            name = "\(base)_\(number)"
            number += 1
        }
        replaced[name] = text
        return name
    }

    private mutating func note(_ name: String) {
        if !names.contains(name) { names.append(name) }
    }

    /// The name of a variable for a header, an option or an argument.
    private static func variable(_ name: String) -> String {
        var variable = ""
        for scalar in name.drop(while: { $0 == "-" }).unicodeScalars {
            let isWordCharacter =
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            variable += isWordCharacter ? "\(scalar)" : "_"
        }
        return variable.uppercased()
    }
}

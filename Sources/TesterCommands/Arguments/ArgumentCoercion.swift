import JSON
import JSONSchema
import Tester
import TextUtilities

/// Converts texts to the types that a tool's input schema asks for.
///
/// Converts only what is certain. The exact form `name:=json` sends anything, even what the schema forbids.
struct ArgumentCoercion {
    /// What becomes of a text that the schema does not allow.
    enum Mismatch {
        case isRefused
        /// It stays a string, for what checks the arguments as a whole.
        case isKept
    }

    private let schema: JSONValue?
    private let mismatch: Mismatch

    /// - Parameters:
    ///   - schema: The tool's input schema; without one every text stays a string.
    ///   - mismatch: What becomes of a text that it does not allow.
    init(schema: JSONValue?, mismatch: Mismatch = .isRefused) {
        self.schema = schema
        self.mismatch = mismatch
    }

    /// The arguments as one object, in the order given.
    ///
    /// - Throws: ``Failure`` of the class `usage` that names the argument and what is expected.
    func object(of pairs: [ArgumentInput.Pair]) throws(Failure) -> JSONObject {
        var object: JSONObject = [:]
        for pair in pairs {
            switch pair.value {
            case .exact(let value): object[pair.name] = value
            case .text(let text): object[pair.name] = try value(of: text, for: pair.name)
            }
        }
        return object
    }

    private func value(of text: String, for name: String) throws(Failure) -> JSONValue {
        guard let schema, let properties = schema["properties"]?.object else { return .string(text) }
        guard let property = properties[name] else {
            guard mismatch == .isKept || allowsOthers(schema) else { throw unknown(name, text, known: properties.keys) }
            return .string(text)
        }
        let expected = ExpectedValue(property, root: schema)
        if let value = expected.value(of: text) { return value }
        guard mismatch == .isKept else { throw unexpected(name, text, expected) }
        return .string(text)
    }

    /// Whether the schema allows unknown names explicitly.
    ///
    /// Most schemas do not say, and then an unknown name is most likely a typing error.
    private func allowsOthers(_ schema: JSONValue) -> Bool {
        if schema["patternProperties"] != nil { return true }
        return switch schema["additionalProperties"] {
        case .bool(let isAllowed): isAllowed
        case .object: true
        default: false
        }
    }

    private func unknown(_ name: String, _ text: String, known: [String]) -> Failure {
        let all =
            known.isEmpty
            ? "The tool takes no arguments." : "The tool's arguments are: \(known.joined(separator: ", "))."
        return .usage(
            "Unknown argument \"\(name)\".\(suggestion(nearest(name, among: known))) \(all)",
            nextStep: adviceToSend(name, text)
        )
    }

    private func unexpected(_ name: String, _ text: String, _ expected: ExpectedValue) -> Failure {
        let close = suggestion(nearest(text, among: expected.choices.compactMap(\.string)))
        let shown = ArgumentRedaction.value(text, of: name)
        return .usage(
            "Argument \"\(name)\": expected \(expected.description), got \"\(shown)\".\(close)",
            nextStep: adviceToSend(name, text)
        )
    }

    private func suggestion(_ word: String?) -> String {
        word.map { " Did you mean \"\($0)\"?" } ?? ""
    }

    private func adviceToSend(_ name: String, _ text: String) -> String {
        "To send it anyway, write \(name):='\(JSONValue.string(ArgumentRedaction.value(text, of: name)))'"
    }
}

import JSON
import JSONSchema
import Tester
import TextUtilities

/// Makes values of texts by what a tool's input schema says about them.
///
/// Only what is certain is done; the exact form `name:=json` sends anything, also what the schema forbids.
struct ArgumentCoercion {
    private let schema: JSONValue?

    /// Reads a schema; without one every text stays a string.
    init(schema: JSONValue?) {
        self.schema = schema
    }

    /// The arguments as one object, in the order given.
    ///
    /// - Throws: ``Failure`` that names the argument and what is expected of it.
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
            guard allowsOthers(schema) else { throw unknown(name, text, known: properties.keys) }
            return .string(text)
        }
        let expected = ExpectedValue(property, root: schema)
        guard let value = expected.value(of: text) else { throw unfit(name, text, expected) }
        return value
    }

    /// Only where a schema says so in words: most say nothing, and then a wrong name is a mistake of typing.
    private func allowsOthers(_ schema: JSONValue) -> Bool {
        if schema["patternProperties"] != nil { return true }
        return switch schema["additionalProperties"] {
        case .bool(let isAllowed): isAllowed
        case .object: true
        default: false
        }
    }

    private func unknown(_ name: String, _ text: String, known: [String]) -> Failure {
        let close = nearest(name, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
        let all = known.isEmpty ? "it has no arguments" : "its arguments are: \(known.joined(separator: ", "))"
        return .usage(
            "The tool has no argument \"\(name)\"; \(all).\(close)",
            nextStep: "To send it all the same, give it as JSON: \(name):=\(quoted(text))"
        )
    }

    private func unfit(_ name: String, _ text: String, _ expected: ExpectedValue) -> Failure {
        let close = nearest(text, among: expected.choices.compactMap(\.string)).map { " Did you mean \"\($0)\"?" } ?? ""
        return .usage(
            "The argument \"\(name)\" cannot be \"\(text)\": the tool expects \(expected.description).\(close)",
            nextStep: "To send it all the same, give it as JSON: \(name):=\(quoted(text))"
        )
    }

    private func quoted(_ text: String) -> String {
        "'\(JSONValue.string(text))'"
    }
}

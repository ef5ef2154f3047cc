package import JSON

/// A value of a suite in which references to captured values are not yet replaced.
package indirect enum Template: Sendable {
    /// A value without references.
    case value(JSONValue)
    /// A value that a step captured, with its type.
    case reference(String)
    /// Text with references in it.
    case text([Part])
    case array([Template])
    case object([(key: String, value: Template)])

    package enum Part: Sendable {
        case text(String)
        case reference(String)
    }

    /// The value with all references replaced.
    ///
    /// - Throws: ``MissingValue`` if a step that would have captured a value did not run or found none.
    package func value(in scope: Scope) throws(MissingValue) -> JSONValue {
        switch self {
        case .value(let value): return value
        case .reference(let name): return try scope.value(of: name)
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .text(let piece): text += piece
                case .reference(let name):
                    let value = try scope.value(of: name)
                    text += value.string ?? value.description
                }
            }
            return .string(text)
        case .array(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.value(in: scope)) }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for member in members { object.append(member.key, try member.value.value(in: scope)) }
            return .object(object)
        }
    }

    /// The text with all references replaced; other values are written as JSON.
    package func text(in scope: Scope) throws(MissingValue) -> String {
        let value = try value(in: scope)
        return value.string ?? value.description
    }

    /// The value as it is in the file, for titles.
    var description: String {
        switch self {
        case .value(let value): value.string ?? value.description
        case .reference(let name): "${case.\(name)}"
        case .text(let parts):
            parts.map { part in
                switch part {
                case .text(let text): text
                case .reference(let name): "${case.\(name)}"
                }
            }.joined()
        case .array(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
        case .object(let members): "{\(members.map { "\($0.key): \($0.value.description)" }.joined(separator: ", "))}"
        }
    }
}

/// The values that the steps of a case have captured so far.
package struct Scope: Sendable {
    package var values: [String: JSONValue] = [:]

    package init() {}

    func value(of name: String) throws(MissingValue) -> JSONValue {
        guard let value = values[name] else { throw MissingValue(name: name) }
        return value
    }
}

/// A reference to a value that was not captured.
package struct MissingValue: Error, CustomStringConvertible {
    let name: String

    package var description: String { "`${case.\(name)}` has no value: the step that captures it found none" }
}

import JSON
import Tester

/// Chooses expectations from an observed result: exact where it is stable, by type where it varies.
enum ObservedExpectation {
    /// More places of a result are not written down.
    private static let limit = 20

    static func lines(for result: JSONValue, second: JSONValue?) -> [String] {
        var lines: [String] = []
        if result["isError"] == true { lines.append("is_error: true") }
        let view = ResultView(result: result, kind: .tool)
        if let structured = result["structuredContent"] {
            var places: [(pointer: JSONPointer, matcher: String)] = []
            collect(structured, second?["structuredContent"], at: JSONPointer(), key: "", into: &places)
            guard !places.isEmpty else { return lines }
            lines.append("json:")
            lines += places.prefix(limit).map { "  \(YAMLText.of($0.pointer.description)): \($0.matcher)" }
            return lines
        }
        guard let text = view.text else { return lines }
        let other = second.map { ResultView(result: $0, kind: .tool).text }
        let isStable = (other ?? text) == text && Volatility(of: .string(text), key: "") == nil
        if isStable, text.count <= 200 {
            lines.append("text: \(YAMLText.of(.string(text)))")
        } else {
            lines.append("text: {type: string}")
        }
        return lines
    }

    /// The places of a value with their matchers.
    ///
    /// - Parameter second: The same value of another run; nil if it is not known.
    private static func collect(
        _ value: JSONValue,
        _ second: JSONValue?,
        at pointer: JSONPointer,
        key: String,
        into places: inout [(pointer: JSONPointer, matcher: String)]
    ) {
        switch value {
        case .object(let object) where !object.isEmpty:
            for member in object.members {
                collect(
                    member.value,
                    second?[member.key],
                    at: pointer.appending(member.key),
                    key: member.key,
                    into: &places
                )
            }
        case .array(let elements):
            let isSmall = elements.count <= 5 && elements.allSatisfy { $0.array == nil && $0.object == nil }
            let isStable = (second ?? value) == value
            places.append((pointer, isSmall && isStable ? "{equals: \(YAMLText.of(value))}" : "{type: array}"))
        default:
            let isStable = (second ?? value) == value && Volatility(of: value, key: key) == nil
            if isStable {
                let text = YAMLText.of(value)
                places.append((pointer, value.object == nil ? text : "{equals: \(text)}"))
            } else {
                places.append((pointer, "{type: \(typeName(value))}"))
            }
        }
    }

    private static func typeName(_ value: JSONValue) -> String {
        switch value {
        case .null: "'null'"
        case .bool: "boolean"
        case .number(let number): number.isIntegral ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

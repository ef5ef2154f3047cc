import JSON
import JSONRPC
import Platform
import Tester

/// Chooses expectations from what was observed: exact where it is stable, by type where it varies or is secret.
struct ObservedExpectation {
    /// What is not written down because it is secret.
    let isSecret: (String) -> Bool
    /// The present, in seconds since 1970: numbers close to it are times.
    var now = Int64(time(nil))

    /// More places of a result are not written down.
    private static let limit = 20

    private func isVolatile(_ text: String) -> Bool { Volatility.isPart(of: text, now: now) }

    /// What is expected of a result.
    ///
    /// - Parameter second: The result of the same request again; nil if it was not repeated.
    func lines(for result: JSONValue, second: JSONValue?, _ kind: ResultView.Kind) -> [String] {
        var lines: [String] = []
        if kind == .tool, result["isError"] == true { lines.append("is_error: true") }
        let view = ResultView(result: result, kind: kind)
        let other = second.map { ResultView(result: $0, kind: kind) }
        switch kind {
        case .list:
            if let names = view.names { lines.append("names: {contains: \(YAMLText.of(names))}") }
        case .completion:
            if let values = view.names { lines.append("values: \(matcher(of: values, other?.names, key: "values"))") }
        case .other: lines += places("result", in: result, second)
        case .tool, .prompt, .resource:
            if kind == .tool, let structured = result["structuredContent"] {
                return lines + places("json", in: structured, second?["structuredContent"])
            }
            guard let text = view.text else { break }
            let isStable = (other?.text ?? text) == text && !isVolatile(text) && !isSecret(text)
            lines.append(
                isStable && text.count <= 200 ? "text: \(YAMLText.of(.string(text)))" : "text: {type: string}"
            )
        }
        return lines
    }

    /// What is expected of a protocol error.
    func lines(for error: RPCError, second: RPCError?) -> [String] {
        let isStable =
            second?.message == error.message && !isVolatile(error.message) && !isSecret(error.message)
        let message = isStable ? ", message: \(YAMLText.of(.string(error.message)))" : ""
        return ["error: {code: \(error.code)\(message)}"]
    }

    private func places(_ key: String, in value: JSONValue, _ second: JSONValue?) -> [String] {
        var places: [(pointer: JSONPointer, matcher: String)] = []
        collect(value, second, at: JSONPointer(), key: "", into: &places)
        guard !places.isEmpty else { return [] }
        return ["\(key):"] + places.prefix(Self.limit).map { "  \(YAMLText.of($0.pointer.description)): \($0.matcher)" }
    }

    /// The places of a value with their matchers.
    ///
    /// - Parameter second: The same value of another run; nil if it is not known.
    private func collect(
        _ value: JSONValue,
        _ second: JSONValue?,
        at pointer: JSONPointer,
        key: String,
        into places: inout [(pointer: JSONPointer, matcher: String)]
    ) {
        guard case .object(let object) = value, !object.isEmpty else {
            return places.append((pointer, matcher(of: value, second, key: key)))
        }
        for member in object.members {
            collect(
                member.value,
                second?[member.key],
                at: pointer.appending(member.key),
                key: member.key,
                into: &places
            )
        }
    }

    private func matcher(of value: JSONValue, _ second: JSONValue?, key: String) -> String {
        var isStable = (second ?? value) == value && Volatility(of: value, key: key, now: now) == nil
        switch value {
        case .string(let text):
            isStable = isStable && !isVolatile(text) && !isSecret(text)
            return isStable ? YAMLText.of(value) : "{type: string}"
        case .array(let elements):
            let isSmall = elements.count <= 5 && elements.allSatisfy { $0.array == nil && $0.object == nil }
            let isPlain = elements.allSatisfy { $0.string.map { !isVolatile($0) && !isSecret($0) } ?? true }
            return isStable && isSmall && isPlain ? "{equals: \(YAMLText.of(value))}" : "{type: array}"
        case .object: return isStable ? "{equals: \(YAMLText.of(value))}" : "{type: object}"
        case .number(let number):
            return isStable ? YAMLText.of(value) : number.isIntegral ? "{type: integer}" : "{type: number}"
        case .bool: return isStable ? YAMLText.of(value) : "{type: boolean}"
        case .null: return isStable ? "null" : "{type: 'null'}"
        }
    }
}

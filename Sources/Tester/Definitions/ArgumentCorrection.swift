import JSON
import TextUtilities

/// Corrects arguments as far as the schema leaves no doubt, and says how each correction was made.
struct ArgumentCorrection {
    /// One correction.
    struct Step {
        /// Where, in the arguments as given.
        let pointer: JSONPointer
        /// What to do, as a sentence.
        let text: String
        /// Whether it was made; otherwise it needs a decision.
        let isApplied: Bool
    }

    /// The arguments with all corrections that leave no doubt.
    private(set) var corrected: JSONValue
    private(set) var steps: [Step] = []

    init(_ arguments: JSONValue, schema: JSONValue) {
        corrected = arguments
        corrected = correct(arguments, schema.inliningReferences(), at: JSONPointer())
    }

    private mutating func note(_ pointer: JSONPointer, _ text: String, isApplied: Bool = true) {
        steps.append(Step(pointer: pointer, text: text, isApplied: isApplied))
    }

    private mutating func correct(_ value: JSONValue, _ schema: JSONValue, at pointer: JSONPointer) -> JSONValue {
        let schema = Self.onlyBranch(of: schema)
        let types = Self.types(of: schema)
        var value = value
        if !types.isEmpty, !Self.has(value, types), let converted = Self.convert(value, to: types, schema) {
            note(pointer, "Use \(Self.shown(converted)) instead of \(Self.shown(value)).")
            value = converted
        }
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            value = choose(value, among: choices, at: pointer)
        }
        switch value {
        case .object(let object) where schema["properties"] != nil: return .object(correct(object, schema, at: pointer))
        case .array(let elements):
            guard let items = schema["items"], items.object != nil else { return value }
            return .array(elements.enumerated().map { correct($1, items, at: pointer.appending($0)) })
        case .number: checkBounds(value, schema, at: pointer)
        default: break
        }
        return value
    }

    // MARK: - Members

    private mutating func correct(_ object: JSONObject, _ schema: JSONValue, at pointer: JSONPointer) -> JSONObject {
        let properties = schema["properties"]?.object ?? [:]
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        let isClosed = schema["additionalProperties"] == false
        var free = properties.keys.filter { object[$0] == nil }
        var result = JSONObject()
        for member in object.members {
            let place = pointer.appending(member.key)
            var key = member.key
            if properties[key] == nil {
                let close = Self.spelling(of: key, among: free) ?? nearest(key, among: free)
                if let close, isClosed || required.contains(close) {
                    note(place, "Rename `\(key)` to `\(close)`.")
                    free.removeAll { $0 == close }
                    key = close
                } else if isClosed {
                    note(place, "Remove `\(key)`: the tool has no such parameter.", isApplied: false)
                }
            }
            guard let property = properties[key] else {
                result.append(key, member.value)
                continue
            }
            if member.value.isNull, !required.contains(key),
                !Self.types(of: Self.onlyBranch(of: property)).contains("null"),
                !Self.allowsNull(property)
            {
                note(place, "Omit `\(key)` instead of null.")
                continue
            }
            result.append(key, correct(member.value, property, at: place))
        }
        for name in properties.keys where required.contains(name) && result[name] == nil {
            add(name, properties[name] ?? [:], to: &result, at: pointer)
        }
        return result
    }

    private mutating func add(
        _ name: String,
        _ property: JSONValue,
        to object: inout JSONObject,
        at pointer: JSONPointer
    ) {
        let choices = property["enum"]?.array ?? []
        let only = choices.count == 1 ? choices.first : Optional.none
        if let value = property["const"] ?? property["default"] ?? only {
            note(
                pointer,
                "Add `\(name)`: \(Self.shown(value)), the \(property["default"] == nil ? "only value" : "default")."
            )
            object.append(name, value)
        } else {
            let example = Example.value(for: property.object ?? [:]).map { ", such as \(Self.shown($0))" } ?? ""
            note(pointer, "Add `\(name)`\(example).", isApplied: false)
        }
    }

    // MARK: - Values

    private mutating func choose(_ value: JSONValue, among choices: [JSONValue], at pointer: JSONPointer) -> JSONValue {
        let names = choices.compactMap(\.string)
        if let text = value.string, let same = Self.spelling(of: text, among: names) {
            note(pointer, "Use \(Self.shown(.string(same))) instead of \(Self.shown(value)).")
            return .string(same)
        }
        let close = value.string.flatMap { nearest($0, among: names) }
        let list = choices.prefix(8).map(Self.shown).joined(separator: ", ")
        note(
            pointer,
            close.map { "Did you mean \(Self.shown(.string($0)))?" } ?? "Use one of \(list).",
            isApplied: false
        )
        return value
    }

    private mutating func checkBounds(_ value: JSONValue, _ schema: JSONValue, at pointer: JSONPointer) {
        guard let number = value.number else { return }
        if let least = schema["minimum"]?.number, number < least {
            note(pointer, "Use at least \(least.literal).", isApplied: false)
        } else if let most = schema["maximum"]?.number, most < number {
            note(pointer, "Use at most \(most.literal).", isApplied: false)
        } else if Self.types(of: schema) == ["integer"], !number.isIntegral {
            note(pointer, "Use an integer, such as \(Int64(number.double.rounded())).", isApplied: false)
        }
    }

    private static func convert(_ value: JSONValue, to types: [String], _ schema: JSONValue) -> JSONValue? {
        switch value {
        case .string(let text):
            let parsed = parse(types.contains("boolean") ? text.lowercased() : text)
            if let parsed, has(parsed, types), !parsed.isNull { return parsed }
        case .number, .bool:
            if types == ["string"] { return .string(value.description) }
        default: break
        }
        // A single element where a list is expected.
        if types == ["array"], value.array == nil, !value.isNull, let items = schema["items"],
            has(value, Self.types(of: onlyBranch(of: items)))
        {
            return .array([value])
        }
        return nil
    }

    private static func parse(_ text: String) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            return nil
        }
    }

    private static func has(_ value: JSONValue, _ types: [String]) -> Bool {
        types.isEmpty || types.contains(value.typeName)
            || types.contains("integer") && value.number?.isIntegral == true
            || types == ["integer"] && value.number != nil
    }

    private static func types(of schema: JSONValue) -> [String] {
        schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap(\.self)
    }

    private static func allowsNull(_ schema: JSONValue) -> Bool {
        let branches = (schema["anyOf"] ?? schema["oneOf"])?.array ?? []
        return branches.contains { types(of: $0).contains("null") } || schema["enum"]?.array?.contains(.null) == true
    }

    /// The branch of an `anyOf` beside null, as optional values are written.
    private static func onlyBranch(of schema: JSONValue) -> JSONValue {
        guard let branches = (schema["anyOf"] ?? schema["oneOf"])?.array else { return schema }
        let others = branches.filter { types(of: $0) != ["null"] }
        guard others.count == 1, others.count < branches.count || branches.count == 1 else { return schema }
        // A value that is null already is valid.
        return others[0]
    }

    /// The one name that differs only in case, spaces, hyphens and underscores.
    private static func spelling(of text: String, among names: [String]) -> String? {
        func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        let same = names.filter { plain($0) == plain(text) }
        return same.count == 1 && !plain(text).isEmpty ? same[0] : nil
    }

    private static func shown(_ value: JSONValue) -> String {
        let text = value.description
        return text.count > 60 ? "\(text.prefix(60))…" : text
    }
}

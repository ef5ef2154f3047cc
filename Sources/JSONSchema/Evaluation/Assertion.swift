import JSON

/// A keyword that only needs the value itself, no subschemas.
enum Assertion: Sendable {
    case never
    case type(TypeSet)
    case oneOf([JSONValue])
    case constant(JSONValue)
    case multipleOf(JSONNumber)
    case maximum(JSONNumber)
    case exclusiveMaximum(JSONNumber)
    case minimum(JSONNumber)
    case exclusiveMinimum(JSONNumber)
    case maxLength(Int)
    case minLength(Int)
    case maxItems(Int)
    case minItems(Int)
    case uniqueItems
    case maxProperties(Int)
    case minProperties(Int)
    case required([String])
    case dependentRequired([(trigger: String, names: [String])])

    /// Whether the value satisfies the assertion.
    ///
    /// Assertions about another type always hold.
    func holds(for value: JSONValue) -> Bool {
        switch (self, value) {
        case (.never, _): false
        case (.type(let types), _): types.contains(typeOf: value)
        case (.oneOf(let choices), _): choices.contains(value)
        case (.constant(let constant), _): constant == value
        case (.multipleOf(let divisor), .number(let number)): number.isMultiple(of: divisor)
        case (.maximum(let bound), .number(let number)): number <= bound
        case (.exclusiveMaximum(let bound), .number(let number)): number < bound
        case (.minimum(let bound), .number(let number)): number >= bound
        case (.exclusiveMinimum(let bound), .number(let number)): number > bound
        case (.maxLength(let bound), .string(let text)): text.unicodeScalars.count <= bound
        case (.minLength(let bound), .string(let text)): text.unicodeScalars.count >= bound
        case (.maxItems(let bound), .array(let elements)): elements.count <= bound
        case (.minItems(let bound), .array(let elements)): elements.count >= bound
        case (.uniqueItems, .array(let elements)): Self.firstRepetition(in: elements) == nil
        case (.maxProperties(let bound), .object(let object)): object.count <= bound
        case (.minProperties(let bound), .object(let object)): object.count >= bound
        case (.required(let names), .object(let object)): names.allSatisfy { object[$0] != nil }
        case (.dependentRequired(let rules), .object(let object)):
            rules.allSatisfy { rule in object[rule.trigger] == nil || rule.names.allSatisfy { object[$0] != nil } }
        default: true
        }
    }

    /// The index of the first element that equals an earlier one.
    static func firstRepetition(in elements: [JSONValue]) -> Int? {
        var seen = Set<JSONValue>(minimumCapacity: elements.count)
        return elements.firstIndex { !seen.insert($0).inserted }
    }
}

/// A set of JSON Schema types.
struct TypeSet: OptionSet, Sendable {
    let rawValue: Int

    static let names = ["null", "boolean", "integer", "number", "string", "array", "object"]

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init?(name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        rawValue = 1 << index
    }

    var names: [String] {
        Self.names.enumerated().filter { rawValue >> $0.offset & 1 == 1 }.map(\.element)
    }

    func contains(typeOf value: JSONValue) -> Bool {
        switch value {
        case .null: rawValue & 1 != 0
        case .bool: rawValue & 2 != 0
        case .number(let number): rawValue & 8 != 0 || rawValue & 4 != 0 && number.isIntegral
        case .string: rawValue & 16 != 0
        case .array: rawValue & 32 != 0
        case .object: rawValue & 64 != 0
        }
    }
}

import JSON

/// What a place of a result must have.
enum Expected: Sendable {
    case string
    case number
    case boolean
    case object
    case array
    /// The key must exist; its value is the target's.
    case anything
    case missing
    case value(JSONValue)
    /// A string that contains this.
    case containing(String)

    func matches(_ value: JSONValue?) -> Bool {
        switch self {
        case .string: value?.string != nil
        case .number: value?.double != nil
        case .boolean: value?.bool != nil
        case .object: value?.object != nil
        case .array: value?.array != nil
        case .anything: value != nil
        case .missing: value == nil
        case .value(let expected): value == expected
        case .containing(let text): value?.string?.contains(text) == true
        }
    }
}

extension Expected: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral
{
    init(stringLiteral text: String) { self = .value(.string(text)) }
    init(integerLiteral number: Int) { self = .value(JSONValue(number)) }
    init(booleanLiteral flag: Bool) { self = .value(.bool(flag)) }
    init(nilLiteral: ()) { self = .value(.null) }
}

/// What each place of a result must have: `a.b[0].c`, or `a[].b` for every element, of which there must be one.
typealias Expectations = [String: Expected]

extension Expectations {
    /// The places whose values are not as expected, with what is there.
    func failures(in value: JSONValue) -> [String] {
        sorted { $0.key < $1.key }.compactMap { place, expected in
            let found = value.values(at: place.split(separator: "."))
            if !found.isEmpty, found.allSatisfy(expected.matches) { return nil }
            return "\(place): expected \(expected), got \(found.map { $0?.description ?? "nothing" })"
        }
    }

    static func + (one: Expectations, other: Expectations) -> Expectations { one.merging(other) { $1 } }
}

extension JSONValue {
    fileprivate func values(at steps: [Substring]) -> [JSONValue?] {
        guard let step = steps.first else { return [self] }
        let rest = Array(steps.dropFirst())
        let parts = step.split(separator: "[", omittingEmptySubsequences: false)
        guard let member = self[String(parts[0])] else { return [nil] }
        guard parts.count > 1 else { return member.values(at: rest) }
        guard let elements = member.array else { return [nil] }
        guard let index = Int(parts[1].dropLast()) else { return elements.flatMap { $0.values(at: rest) } }
        return elements.indices.contains(index) ? elements[index].values(at: rest) : [nil]
    }
}

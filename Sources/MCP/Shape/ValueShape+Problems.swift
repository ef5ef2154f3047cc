import JSON

extension ValueShape {
    /// Appends the violations in a value, located relative to that value.
    func check(_ value: JSONValue, in revision: Revision, into problems: inout [Problem]) {
        guard hasType(of: value), accepts(value) else {
            let sentence = "Expected \(self) (revision \(revision)), got \(value.sketch)."
            return problems.append(Problem(sentence))
        }
        switch self {
        case .array(let element, let most):
            guard case .array(let elements) = value else { return }
            for (index, item) in elements.enumerated() {
                problems.collect(under: String(index)) { element.check(item, in: revision, into: &$0) }
            }
            if let most, elements.count > most {
                problems.append(
                    Problem("Expected at most \(most) elements (revision \(revision)), got \(elements.count).")
                )
            }
        case .map(let element):
            guard case .object(let object) = value else { return }
            for member in object.members {
                problems.collect(under: member.key) { element.check(member.value, in: revision, into: &$0) }
            }
        case .object(let members):
            guard case .object(let object) = value else { return }
            for member in members { member.check(object, in: revision, into: &problems) }
        case .view(let type):
            guard case .object(let object) = value else { return }
            problems += type.init(json: object).problems(in: revision)
        case .either(let one, let other):
            (one.hasType(of: value) ? one : other).check(value, in: revision, into: &problems)
        default: break
        }
    }

    private func hasType(of value: JSONValue) -> Bool {
        switch self {
        case .any: true
        case .null: value.isNull
        case .string, .uri, .base64, .constant, .oneOf: if case .string = value { true } else { false }
        case .boolean: if case .bool = value { true } else { false }
        case .integer, .number: if case .number = value { true } else { false }
        case .array: if case .array = value { true } else { false }
        case .object, .map, .view: if case .object = value { true } else { false }
        case .either(let one, let other): one.hasType(of: value) || other.hasType(of: value)
        }
    }

    /// Checks scalar values whose type is already known to match.
    private func accepts(_ value: JSONValue) -> Bool {
        switch self {
        case .uri: value.string?.beginsWithScheme ?? false
        case .base64: value.string?.isBase64 ?? false
        case .constant(let word): value.string?.hasSameScalars(as: word) ?? false
        case .oneOf(let words): value.string.map { text in words.contains { $0.hasSameScalars(as: text) } } ?? false
        case .integer(let least): value.number?.isInteger(atLeast: least) ?? false
        case .number(let bounds): value.double.map { bounds?.contains($0) ?? true } ?? false
        default: true
        }
    }
}

extension [Problem] {
    /// Appends the violations in a member or element, located relative to the value that holds it.
    mutating func collect(under token: @autoclosure () -> String, _ find: (inout [Problem]) -> Void) {
        let start = count
        find(&self)
        for index in start..<count { self[index] = self[index].under(token()) }
    }
}

extension String {
    /// Whether the string starts with a URI scheme (RFC 3986, section 3.1).
    fileprivate var beginsWithScheme: Bool {
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")), let first = utf8.first, first.isASCIILetter else {
            return false
        }
        return utf8[..<colon].allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "+-.".utf8.contains($0) }
    }

    /// Whether the string is Base64 with padding.
    fileprivate var isBase64: Bool {
        let padding = utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return utf8.count % 4 == 0 && padding <= 2
            && utf8.dropLast(padding).allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "+/".utf8.contains($0) }
    }
}

extension JSONNumber {
    fileprivate func isInteger(atLeast least: Int?) -> Bool {
        isIntegral && (least.map { self >= JSONNumber($0) } ?? true)
    }
}

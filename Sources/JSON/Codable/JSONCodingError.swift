/// Why a value of Swift could not be made from JSON, or JSON from it, and where.
public struct JSONCodingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Kind: Sendable, Hashable {
        /// An object lacks a member.
        case missingMember(String)
        /// A value is there, but of another type.
        case wrongType(expected: String, found: String)
        /// A number is beyond what the type can hold.
        case outOfRange(literal: String, type: String)
        /// A number has a fraction, and the type holds whole numbers.
        case notIntegral(literal: String, type: String)
        /// An array has no further elements.
        case noMoreElements(count: Int)
        /// A type refused the value for a reason of its own.
        case invalidValue(String)
    }

    /// What is wrong.
    public let kind: Kind
    /// Where in the JSON value.
    public let pointer: JSONPointer

    init(_ kind: Kind, at pointer: JSONPointer) {
        self.kind = kind
        self.pointer = pointer
    }

    init(_ kind: Kind, at path: [any CodingKey]) {
        self.init(kind, at: JSONPointer(path.map(\.stringValue)))
    }

    /// Takes over an error that a type threw while it was decoded or encoded.
    init(_ error: any Error) {
        switch error {
        case let error as JSONCodingError: self = error
        case DecodingError.keyNotFound(let key, let context):
            self.init(.missingMember(key.stringValue), at: context.codingPath)
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            self.init(.invalidValue(context.debugDescription), at: context.codingPath)
        case EncodingError.invalidValue(_, let context):
            self.init(.invalidValue(context.debugDescription), at: context.codingPath)
        default: self.init(.invalidValue("\(error)"), at: JSONPointer())
        }
    }

    /// A sentence with what was found, where, and what was expected.
    public var description: String {
        let place = pointer.tokens.isEmpty ? "the value" : "the value at \(pointer)"
        return switch kind {
        case .missingMember(let name): "\(place) lacks the member \"\(name)\""
        case .wrongType(let expected, let found): "\(place) is of type \(found), but \(expected) is expected"
        case .outOfRange(let literal, let type): "\(place) is \(literal), which is beyond the range of \(type)"
        case .notIntegral(let literal, let type): "\(place) is \(literal), but \(type) holds whole numbers only"
        case .noMoreElements(let count): "\(place) has only \(count) elements, but another one is expected"
        case .invalidValue(let reason): "\(place) cannot be used: \(reason)"
        }
    }
}

/// The key of a member or element that is known by its name or place alone.
struct JSONCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    static let `super` = JSONCodingKey(stringValue: "super")

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}

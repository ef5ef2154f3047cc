/// Makes values of Swift types from JSON trees.
///
/// The tree is read as it is, not as text again. Properties of type ``JSONValue``, ``JSONObject``, ``JSONNumber`` and
/// ``JSONText`` get their part unchanged, members in order and numbers with their literal.
public struct JSONValueDecoder {
    /// What types find in the `userInfo` of their decoder.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Creates a decoder.
    public init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
        self.userInfo = userInfo
    }

    /// Makes a value of the type.
    ///
    /// - Throws: ``JSONCodingError`` with the place of the fault, also for errors that the type itself throws.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from value: JSONValue
    ) throws(JSONCodingError) -> Value {
        do {
            return try JSONTreeDecoder(value: value, codingPath: [], options: userInfo).read(type)
        } catch {
            throw JSONCodingError(error)
        }
    }
}

extension JSONValueDecoder: Sendable {}

/// One value of a tree with the way to it.
struct JSONTreeDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let options: [CodingUserInfoKey: any Sendable]

    var userInfo: [CodingUserInfoKey: Any] { options }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw mismatch("object") }
        return KeyedDecodingContainer(JSONMemberDecoder(object: object, decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch("array") }
        return JSONElementDecoder(elements: elements, decoder: self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        self
    }

    func child(_ value: JSONValue, at key: some CodingKey) -> JSONTreeDecoder {
        JSONTreeDecoder(value: value, codingPath: codingPath + [key], options: options)
    }

    func fault(_ kind: JSONCodingError.Kind) -> JSONCodingError {
        JSONCodingError(kind, at: codingPath)
    }

    private func mismatch(_ expected: String) -> JSONCodingError {
        fault(.wrongType(expected: expected, found: value.typeName))
    }

    // MARK: - Reading the value

    func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let exact = exact(type) { return exact }
        do {
            return try Value(from: self)
        } catch let error as JSONCodingError {
            throw error
        } catch let error as DecodingError {
            throw JSONCodingError(error)
        } catch {
            throw fault(.invalidValue("\(error)"))
        }
    }

    /// The value itself, for types that stand for JSON.
    private func exact<Value>(_ type: Value.Type) -> Value? {
        if type == JSONValue.self { return value as? Value }
        if type == JSONText.self { return JSONText(value) as? Value }
        if type == JSONObject.self { return value.object as? Value }
        if type == JSONNumber.self { return value.number as? Value }
        return nil
    }

    func readBool() throws -> Bool {
        guard case .bool(let bool) = value else { throw mismatch("boolean") }
        return bool
    }

    func readString() throws -> String {
        guard case .string(let string) = value else { throw mismatch("string") }
        return string
    }

    func readNumber() throws -> JSONNumber {
        guard case .number(let number) = value else { throw mismatch("number") }
        return number
    }

    func readInteger<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer {
        let number = try readNumber()
        if case .integer(let small) = number.storage, let integer = Integer(exactly: small) { return integer }
        guard number.isIntegral else { throw fault(.notIntegral(literal: number.literal, type: "\(type)")) }
        guard let integer = Integer(number) else { throw fault(.outOfRange(literal: number.literal, type: "\(type)")) }
        return integer
    }

    func readFloat<Float: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Float.Type) throws -> Float {
        let number = try readNumber()
        guard let float = Float(number.literal), float.isFinite else {
            throw fault(.outOfRange(literal: number.literal, type: "\(type)"))
        }
        return float
    }
}

extension FixedWidthInteger {
    /// The value of an integral number, or nothing if it does not fit.
    fileprivate init?(_ number: JSONNumber) {
        let decimal = number.decimal
        // No integer has more digits than bits, so that the zeros need not be written out for nothing.
        guard decimal.exponent >= 0, decimal.exponent <= Self.bitWidth else { return nil }
        let digits = decimal.digits.map { Character(UnicodeScalar($0 + 0x30)) }
        let zeros = String(repeating: "0", count: decimal.exponent)
        self.init((decimal.isNegative ? "-" : "") + (digits.isEmpty ? "0" : String(digits)) + zeros)
    }
}

extension JSONTreeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try readBool() }
    func decode(_ type: String.Type) throws -> String { try readString() }
    func decode(_ type: Double.Type) throws -> Double { try readFloat(type) }
    func decode(_ type: Float.Type) throws -> Float { try readFloat(type) }
    func decode(_ type: Int.Type) throws -> Int { try readInteger(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try readInteger(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try readInteger(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try readInteger(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try readInteger(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try readInteger(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try readInteger(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try readInteger(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try readInteger(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try readInteger(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try readInteger(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try readInteger(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try read(type) }
}

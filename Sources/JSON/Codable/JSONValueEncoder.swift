/// Makes JSON trees from values of Swift types.
///
/// Members stand in the order in which they were encoded. Values of type ``JSONValue``, ``JSONObject``, ``JSONNumber`` and
/// ``JSONText`` are taken over unchanged, numbers with their literal.
public struct JSONValueEncoder: Sendable {
    /// What types find in the `userInfo` of their encoder.
    public var userInfo: [CodingUserInfoKey: any Sendable]

    /// Creates an encoder.
    public init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
        self.userInfo = userInfo
    }

    /// Makes a tree.
    ///
    /// - Throws: ``JSONCodingError`` with the place of the fault: a number that is not finite, or what the type itself throws.
    public func encode(_ value: some Encodable) throws(JSONCodingError) -> JSONValue {
        do {
            return try JSONTreeEncoder(codingPath: [], options: userInfo).write(value)
        } catch {
            throw JSONCodingError(error)
        }
    }
}

/// A place of the tree that is being made; containers of the same place share it.
final class JSONTreeSlot {
    /// What was encoded there.
    enum Content {
        case nothing
        case value(JSONValue)
        case object([(key: String, content: Content)])
        case array([Content])
        /// Still being filled by a container that was handed out.
        case slot(JSONTreeSlot)

        /// A type that encodes nothing has no members.
        var value: JSONValue {
            switch self {
            case .nothing: .object(JSONObject())
            case .value(let value): value
            case .object(let members):
                .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.content.value) }))
            case .array(let elements): .array(elements.map(\.value))
            case .slot(let slot): slot.content.value
            }
        }
    }

    var content = Content.nothing

    /// How many elements were encoded, if it is an array.
    var count: Int {
        if case .array(let elements) = content { elements.count } else { 0 }
    }

    func set(_ added: Content, for key: String) {
        guard case .object(var members) = content else { return }
        content = .nothing
        if let index = members.firstIndex(where: { $0.key.hasSameScalars(as: key) }) {
            members[index].content = added
        } else {
            members.append((key, added))
        }
        content = .object(members)
    }

    func append(_ added: Content) {
        guard case .array(var elements) = content else { return }
        content = .nothing
        elements.append(added)
        content = .array(elements)
    }
}

/// Encodes one value into its place.
struct JSONTreeEncoder: Encoder {
    let slot = JSONTreeSlot()
    let codingPath: [any CodingKey]
    let options: [CodingUserInfoKey: any Sendable]

    var userInfo: [CodingUserInfoKey: Any] { options }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        // A type may ask twice and goes on with what is there.
        if case .object = slot.content {} else { slot.content = .object([]) }
        return KeyedEncodingContainer(JSONMemberEncoder(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array = slot.content {} else { slot.content = .array([]) }
        return JSONElementEncoder(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        self
    }

    func child(at key: some CodingKey) -> JSONTreeEncoder {
        JSONTreeEncoder(codingPath: codingPath + [key], options: options)
    }

    /// Encodes a value that is not one of the plain ones and returns its tree.
    func write(_ value: some Encodable) throws -> JSONValue {
        switch value {
        case let value as JSONValue: return value
        case let value as JSONObject: return .object(value)
        case let value as JSONNumber: return .number(value)
        case let value as JSONText: return value.value()
        default: break
        }
        do {
            try value.encode(to: self)
        } catch let error as JSONCodingError {
            throw error
        } catch let error as EncodingError {
            throw JSONCodingError(error)
        } catch {
            throw JSONCodingError(.invalidValue("\(error)"), at: codingPath)
        }
        return slot.content.value
    }

    func number(_ value: some BinaryFloatingPoint & CustomStringConvertible) throws -> JSONValue {
        guard value.isFinite, let number = JSONNumber(literal: value.description) else {
            throw JSONCodingError(.invalidValue("JSON has no word for the number \(value)"), at: codingPath)
        }
        return .number(number)
    }
}

extension JSONTreeEncoder: SingleValueEncodingContainer {
    func encodeNil() { slot.content = .value(.null) }
    func encode(_ value: Bool) { slot.content = .value(.bool(value)) }
    func encode(_ value: String) { slot.content = .value(.string(value)) }
    func encode(_ value: Double) throws { slot.content = .value(try number(value)) }
    func encode(_ value: Float) throws { slot.content = .value(try number(value)) }
    func encode(_ value: Int) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: Int8) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: Int16) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: Int32) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: Int64) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: Int128) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt8) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt16) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt32) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt64) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: UInt128) { slot.content = .value(JSONValue(value)) }
    func encode(_ value: some Encodable) throws { slot.content = .value(try child().write(value)) }

    /// An encoder for the same place, as a value that stands for another one has.
    private func child() -> JSONTreeEncoder {
        JSONTreeEncoder(codingPath: codingPath, options: options)
    }
}

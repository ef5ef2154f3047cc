/// The members of an object that is being made.
struct JSONMemberEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONTreeEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    private func set(_ value: JSONValue, _ key: Key) {
        encoder.slot.set(.value(value), for: key.stringValue)
    }

    /// An encoder whose result becomes the member, whenever it is ready.
    private func member(_ key: some CodingKey) -> JSONTreeEncoder {
        let child = encoder.child(at: key)
        encoder.slot.set(.slot(child.slot), for: key.stringValue)
        return child
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        member(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        member(JSONCodingKey.super)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        member(key)
    }

    func encodeNil(forKey key: Key) { set(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { set(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { set(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) throws { set(try encoder.child(at: key).number(value), key) }
    func encode(_ value: Float, forKey key: Key) throws { set(try encoder.child(at: key).number(value), key) }
    func encode(_ value: Int, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: Int8, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: Int16, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: Int32, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: Int64, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: Int128, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt8, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt16, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt32, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt64, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: UInt128, forKey key: Key) { set(JSONValue(value), key) }
    func encode(_ value: some Encodable, forKey key: Key) throws { set(try encoder.child(at: key).write(value), key) }
}

/// The elements of an array that is being made.
struct JSONElementEncoder: UnkeyedEncodingContainer {
    let encoder: JSONTreeEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.slot.count }

    private var child: JSONTreeEncoder { encoder.child(at: JSONCodingKey(intValue: count)) }

    private func append(_ value: JSONValue) {
        encoder.slot.append(.value(value))
    }

    /// An encoder whose result becomes the next element, whenever it is ready.
    private func element() -> JSONTreeEncoder {
        let child = child
        encoder.slot.append(.slot(child.slot))
        return child
    }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        element().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        element().unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        element()
    }

    func encodeNil() { append(.null) }
    func encode(_ value: Bool) { append(.bool(value)) }
    func encode(_ value: String) { append(.string(value)) }
    func encode(_ value: Double) throws { append(try child.number(value)) }
    func encode(_ value: Float) throws { append(try child.number(value)) }
    func encode(_ value: Int) { append(JSONValue(value)) }
    func encode(_ value: Int8) { append(JSONValue(value)) }
    func encode(_ value: Int16) { append(JSONValue(value)) }
    func encode(_ value: Int32) { append(JSONValue(value)) }
    func encode(_ value: Int64) { append(JSONValue(value)) }
    func encode(_ value: Int128) { append(JSONValue(value)) }
    func encode(_ value: UInt) { append(JSONValue(value)) }
    func encode(_ value: UInt8) { append(JSONValue(value)) }
    func encode(_ value: UInt16) { append(JSONValue(value)) }
    func encode(_ value: UInt32) { append(JSONValue(value)) }
    func encode(_ value: UInt64) { append(JSONValue(value)) }
    func encode(_ value: UInt128) { append(JSONValue(value)) }
    func encode(_ value: some Encodable) throws { append(try child.write(value)) }
}

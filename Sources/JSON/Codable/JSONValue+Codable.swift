// With our own coders these types pass through unchanged; with others, as far as those can tell values apart.

extension JSONValue: Codable {
    /// Reads any value.
    ///
    /// - Throws: What the decoder throws, ``JSONCodingError`` if it is ``JSONValueDecoder``.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONTreeDecoder {
            self = decoder.value
            return
        }
        // Other decoders do not say what a value is, so that each kind must be tried; the last attempt tells the error.
        if let members = try? decoder.container(keyedBy: JSONCodingKey.self) {
            let keys = members.allKeys
            self = .object(
                JSONObject(
                    try keys.map {
                        JSONObject.Member(key: $0.stringValue, value: try members.decode(JSONValue.self, forKey: $0))
                    }
                )
            )
        } else if var elements = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
            self = .array(values)
        } else {
            self = try Self.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let value = try? container.decode(Bool.self) { return .bool(value) }
        if let value = try? container.decode(Int64.self) { return JSONValue(value) }
        if let value = try? container.decode(UInt64.self) { return JSONValue(value) }
        if let value = try? container.decode(Double.self) { return JSONValue(value) }
        return .string(try container.decode(String.self))
    }

    /// Writes the value.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .number(let value): try value.encode(to: encoder)
        case .string(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let object): try object.encode(to: encoder)
        }
    }
}

extension JSONObject: Codable {
    /// Reads an object.
    ///
    /// - Throws: What the decoder throws, also if the value is something else.
    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        guard case .object(let object) = value else { throw wrongType("object", value, decoder) }
        self = object
    }

    /// Writes the members in order.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONCodingKey.self)
        for member in members { try container.encode(member.value, forKey: JSONCodingKey(stringValue: member.key)) }
    }
}

extension JSONNumber: Codable {
    /// Reads a number.
    ///
    /// - Throws: What the decoder throws, also if the value is something else.
    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        guard case .number(let number) = value else { throw wrongType("number", value, decoder) }
        self = number
    }

    /// Writes the number as an integer if it is one that fits, else as the nearest double.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value = int64 {
            try container.encode(value)
        } else if let value = UInt64(literal) {
            try container.encode(value)
        } else {
            try container.encode(double)
        }
    }
}

extension JSONText: Codable {
    /// Reads any value and writes it as text.
    ///
    /// - Throws: What the decoder throws.
    public init(from decoder: any Decoder) throws {
        self.init(try JSONValue(from: decoder))
    }

    /// Writes the value of the text, not the text as a string.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        try value().encode(to: encoder)
    }
}

private func wrongType(_ expected: String, _ value: JSONValue, _ decoder: any Decoder) -> JSONCodingError {
    JSONCodingError(.wrongType(expected: expected, found: value.typeName), at: decoder.codingPath)
}

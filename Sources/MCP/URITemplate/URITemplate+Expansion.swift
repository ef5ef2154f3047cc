extension URITemplate {
    /// The URI with the variables filled in; one without a value is omitted.
    ///
    /// Source: RFC 6570, section 3.2, for values that are text.
    public func expanded(with values: [String: String]) -> String {
        parts.map { part in
            switch part {
            case .literal(let bytes): Operator.reserved.encoded(String(decoding: bytes, as: UTF8.self))
            case .expression(let kind, let variables): kind.expanded(variables, values)
            }
        }.joined()
    }
}

extension URITemplate.Operator {
    fileprivate func expanded(_ variables: [URITemplate.Variable], _ values: [String: String]) -> String {
        let pieces = variables.compactMap { variable -> String? in
            guard let value = values[variable.name] else { return nil }
            let scalars = value.unicodeScalars.prefix(variable.prefix ?? .max)
            let text = encoded(String(String.UnicodeScalarView(scalars)))
            switch self {
            case .parameter: return text.isEmpty ? variable.name : "\(variable.name)=\(text)"
            case .query, .continuation: return "\(variable.name)=\(text)"
            case .simple, .reserved, .fragment, .label, .path: return text
            }
        }
        return pieces.isEmpty ? "" : prefix + pieces.joined(separator: separator)
    }

    private var prefix: String {
        switch self {
        case .simple, .reserved: ""
        case .fragment, .label, .path, .parameter, .query, .continuation: String(UnicodeScalar(rawValue))
        }
    }

    private var separator: String {
        switch self {
        case .simple, .reserved, .fragment: ","
        case .query, .continuation: "&"
        case .label, .path, .parameter: prefix
        }
    }

    /// The text with percent-encoding; reserved characters and what is encoded already stay if the operator allows them.
    fileprivate func encoded(_ text: String) -> String {
        let keepsReserved = self == .reserved || self == .fragment
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isUnreserved = byte.isWordByte || "-.~".utf8.contains(byte)
            let isReserved = ":/?#[]@!$&'()*+,;=".utf8.contains(byte)
            let isEncoded =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count
                && bytes[(index + 1)...(index + 2)].allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
            if isUnreserved || keepsReserved && (isReserved || isEncoded) {
                result.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%\(digits.count < 2 ? "0" : "")\(digits)".utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension URITemplate {
    /// Returns the decoded values of the variables, or nil if the URI does not match.
    ///
    /// A list has several values. The pairs of an exploded query variable (`{?query*}`) are returned under their own names.
    /// Query members may be missing or in another order.
    public func match(_ uri: String) -> [String: [String]]? {
        let bytes = Array(uri.utf8)
        // A limit, because the cost of matching grows with the length.
        guard bytes.count <= 8192 else { return nil }
        var variables: [String: [String]] = [:]
        return match(parts[...], bytes[...], &variables) ? variables : nil
    }

    /// Tries the longest match for each expression first, then shorter ones until the rest matches.
    private func match(
        _ parts: ArraySlice<Part>,
        _ rest: ArraySlice<UInt8>,
        _ variables: inout [String: [String]]
    ) -> Bool {
        switch parts.first {
        case nil: return rest.isEmpty
        case .literal(let text):
            guard rest.starts(with: text) else { return false }
            return match(parts.dropFirst(), rest.dropFirst(text.count), &variables)
        case .expression(let kind, let names):
            let longest = rest.prefix { kind.allows($0) }
            var end = longest.endIndex
            while end >= rest.startIndex {
                // Most expressions are followed by a literal, which rules out most positions at once.
                if follows(parts.dropFirst().first, rest[end...]), let values = kind.values(of: names, in: rest[..<end])
                {
                    var attempt = variables.merging(values) { $1 }
                    if match(parts.dropFirst(), rest[end...], &attempt) {
                        variables = attempt
                        return true
                    }
                }
                end -= 1
            }
            return false
        }
    }
}

extension URITemplate {
    private func follows(_ part: Part?, _ rest: ArraySlice<UInt8>) -> Bool {
        switch part {
        case nil: rest.isEmpty
        case .literal(let text): rest.starts(with: text)
        case .expression: true
        }
    }
}

extension URITemplate.Operator {
    /// Whether a byte can be part of an expanded expression.
    fileprivate func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: ","),
            UInt8(ascii: "="):
            true
        case _ where byte.isWordByte: true
        // Hosts do not always encode non-ASCII characters.
        case 0x80...: true
        case UInt8(ascii: "/"): self == .path || takesReserved
        case UInt8(ascii: ";"): self == .parameter || takesReserved
        case UInt8(ascii: "?"), UInt8(ascii: "&"): isQuery || takesReserved
        case UInt8(ascii: "#"): self == .fragment || self == .reserved
        default: takesReserved && ":[]@!$'()*+".utf8.contains(byte)
        }
    }

    private var takesReserved: Bool { self == .reserved || self == .fragment }
    private var isQuery: Bool { self == .query || self == .continuation }

    /// Returns the values of the variables in a piece of a URI, or nil if it does not match the expression.
    fileprivate func values(of names: [URITemplate.Variable], in piece: ArraySlice<UInt8>) -> [String: [String]]? {
        // Undefined variables expand to nothing.
        if piece.isEmpty { return self == .simple || self == .reserved ? nil : [:] }
        switch self {
        case .simple, .reserved: return positional(names, piece, separator: UInt8(ascii: ","))
        case .fragment: return leading(piece) { positional(names, $0, separator: UInt8(ascii: ",")) }
        case .label, .path: return leading(piece) { positional(names, $0, separator: rawValue) }
        case .parameter: return leading(piece) { named(names, $0, separator: rawValue) }
        case .query, .continuation: return leading(piece) { named(names, $0, separator: UInt8(ascii: "&")) }
        }
    }

    private func leading(
        _ piece: ArraySlice<UInt8>,
        _ values: (ArraySlice<UInt8>) -> [String: [String]]?
    ) -> [String: [String]]? {
        piece.first == rawValue ? values(piece.dropFirst()) : nil
    }

    /// Values in the order of the variables.
    ///
    /// A list in last position takes the rest.
    private func positional(
        _ names: [URITemplate.Variable],
        _ piece: ArraySlice<UInt8>,
        separator: UInt8
    ) -> [String: [String]]? {
        let comma = UInt8(ascii: ",")
        // A single value may contain the separator if the operator does not encode it.
        let isWhole = names.count == 1 && names.first?.explodes == false && (takesReserved || self == .label)
        let pieces = isWhole ? [piece] : piece.split(separator: separator, omittingEmptySubsequences: false)
        var result: [String: [String]] = [:]
        for (position, variable) in names.enumerated() where position < pieces.count {
            let isLast = position == names.count - 1
            let takesRest = isLast && (separator == comma || variable.explodes)
            if isLast, !takesRest, pieces.count > names.count { return nil }
            let own = takesRest ? pieces[position...] : pieces[position...position]
            let isList = !isWhole && !variable.explodes && variable.prefix == nil
            let values =
                isList ? own.flatMap { $0.split(separator: comma, omittingEmptySubsequences: false) } : Array(own)
            let longest = variable.prefix ?? .max
            if values.contains(where: { $0.percentDecoded.unicodeScalars.count > longest }) { return nil }
            result[variable.name] = values.map(\.percentDecoded)
        }
        return result
    }

    /// Values by name, in any order.
    private func named(
        _ names: [URITemplate.Variable],
        _ piece: ArraySlice<UInt8>,
        separator: UInt8
    ) -> [String: [String]]? {
        var result: [String: [String]] = [:]
        for pair in piece.split(separator: separator, omittingEmptySubsequences: false) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair[..<(equals ?? pair.endIndex)].percentDecoded
            let value = equals.map { pair[($0 + 1)...] } ?? []
            guard !name.isEmpty, names.contains(where: { $0.explodes || $0.name == name }) else { return nil }
            let isList = names.contains { $0.name == name && !$0.explodes && $0.prefix == nil }
            let values = isList ? value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) : [value]
            let longest = names.first { $0.name == name }?.prefix ?? .max
            if values.contains(where: { $0.percentDecoded.unicodeScalars.count > longest }) { return nil }
            result[name, default: []] += values.map(\.percentDecoded)
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    /// The text with percent-encoding decoded.
    ///
    /// A `%` without two hexadecimal digits stays as it is.
    fileprivate var percentDecoded: String {
        var bytes: [UInt8] = []
        var position = startIndex
        while position < endIndex {
            if self[position] == UInt8(ascii: "%"), position + 2 < endIndex,
                let byte = UInt8(String(decoding: self[(position + 1)...(position + 2)], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                position += 3
            } else {
                bytes.append(self[position])
                position += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

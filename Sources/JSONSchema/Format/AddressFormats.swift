/// Host names, IP addresses, email addresses and URIs.
enum AddressFormats {
    /// Source: RFC 1123, 2.1.
    ///
    /// Labels that begin with `xn--` are not decoded.
    static func isHostname(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
        return label.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, hyphen: true
            default: false
            }
        }
    }

    /// Source: RFC 2673, 3.2: four decimal numbers without leading zeros.
    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    return false
                }
                let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
                return value <= 255 && (part.count == 1 || part.first != 0x30)
            }
    }

    /// Source: RFC 4291, 2.2.
    static func isIPv6(_ text: some StringProtocol) -> Bool {
        let colon = UInt8(ascii: ":")
        guard text.utf8.count <= 45, text.utf8.contains(colon) else { return false }
        var groups = text.utf8.split(separator: colon, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        var count = 0
        if let last = groups.last, last.utf8.contains(UInt8(ascii: ".")) {
            guard isIPv4(last) else { return false }
            groups.removeLast()
            count = 2
        }
        let endsWithAddress = count == 2
        // An empty group marks `::`. At either end of the text, a second empty group follows from the split.
        var gaps = 0
        for (index, group) in groups.enumerated() {
            if group.isEmpty {
                let isFirst = index == 0
                let isLast = index == groups.count - 1 && !endsWithAddress
                let hasEmptyNeighbor =
                    isFirst ? groups.count > 1 && groups[1].isEmpty : isLast && groups[index - 1].isEmpty
                if isFirst || isLast {
                    guard hasEmptyNeighbor else { return false }
                } else {
                    gaps += 1
                }
                continue
            }
            guard group.utf8.count <= 4, group.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else {
                return false
            }
            count += 1
        }
        return gaps == 0 ? count == 8 : gaps == 1 && count < 8
    }

    /// Source: RFC 5321, 4.1.2 and 4.1.3.
    static func isEmail(_ text: String, budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        let domain = text[text.index(after: at)...]
        guard try FormatPatterns.mailbox.matches(String(text[..<at]), budget: &budget) else { return false }
        guard domain.hasPrefix("["), domain.hasSuffix("]") else { return isHostname(String(domain)) }
        let literal = domain.dropFirst().dropLast()
        return literal.hasPrefix("IPv6:") ? isIPv6(literal.dropFirst(5)) : isIPv4(literal)
    }

    /// Source: RFC 3986, appendix A.
    static func isURI(
        _ text: String,
        relativeToo: Bool,
        budget: inout EvaluationBudget
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        let uri = URIReference(text)
        guard uri.scheme != nil || relativeToo else { return false }
        // A colon in the first segment would have made it a scheme.
        if uri.scheme == nil, uri.authority == nil, uri.path.prefix(while: { $0 != "/" }).contains(":") { return false }
        guard try FormatPatterns.path.matches(uri.path, budget: &budget),
            try FormatPatterns.query.matches(uri.query ?? "", budget: &budget),
            try FormatPatterns.query.matches(uri.fragment ?? "", budget: &budget)
        else { return false }
        return try uri.authority.map { (authority) throws(JSONSchemaLimits.Exceeded) in
            try isAuthority(authority, budget: &budget)
        } ?? true
    }

    private static func isAuthority(
        _ text: String,
        budget: inout EvaluationBudget
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            guard try FormatPatterns.userInformation.matches(String(rest[..<at]), budget: &budget) else { return false }
            rest = rest[rest.index(after: at)...]
        }
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let literal = rest[..<end].dropFirst()
            let isAddress = isIPv6(literal)
            let isFuture = try FormatPatterns.futureAddress.matches(String(literal), budget: &budget)
            guard isAddress || isFuture else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != ":" }
            guard try FormatPatterns.registeredName.matches(String(name), budget: &budget) else { return false }
            rest = rest[name.endIndex...]
        }
        guard rest.isEmpty || rest.hasPrefix(":") else { return false }
        return try FormatPatterns.port.matches(String(rest.dropFirst()), budget: &budget)
    }
}

import TextUtilities

/// An HTTP URL, parsed as far as a client needs it.
///
/// Its description contains no secrets.
///
/// Source: RFC 3986, sections 3 and 5.2; RFC 9110, section 4.2.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether the scheme is `https`.
    public var isSecure: Bool
    /// The user name and password before the host; never shown.
    public var userInformation: UserInformation?
    /// The host in lowercase; an IPv6 address without its brackets.
    public var host: String
    /// The port, if the URL names one.
    public var explicitPort: Int?
    /// The path, starting with a slash.
    public var path: String
    /// The query without its question mark; nil if the URL has none.
    public var query: String?

    /// A user name and a password.
    public struct UserInformation: Sendable, Hashable {
        /// The user name, percent-decoded.
        public var user: String
        /// The password, percent-decoded; empty if there is none.
        public var password: String
    }

    /// Why a text is not a URL, as a clause that can follow "the URL".
    ///
    /// Contains nothing secret.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// The clause.
        public let description: String

        /// Creates a fault.
        public init(_ description: String) {
            self.description = description
        }
    }

    /// Parses an absolute URL.
    ///
    /// A fragment is ignored because it is never sent.
    ///
    /// - Throws: ``Fault``.
    public init(_ text: String) throws(Fault) {
        if let byte = text.utf8.first(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw Fault("contains \(byte == 0x20 ? "a space" : "a control character")")
        }
        guard let mark = text.firstRange(of: "://") else {
            throw Fault("does not start with http:// or https://")
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw Fault("does not start with http:// or https://")
        }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            userInformation = UserInformation(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        (host, explicitPort) = try Self.hostAndPort(authority, mayShow: !text.contains("@"))
        (path, query) = Self.pathAndQuery(rest[end...])
    }

    /// The URL that a reference in a response from this URL points to.
    ///
    /// - Throws: ``Fault``.
    public func resolving(_ reference: String) throws(Fault) -> HTTPURL {
        if let mark = reference.firstRange(of: "://"), !reference[..<mark.lowerBound].contains(where: "/?#".contains) {
            return try HTTPURL(reference)
        }
        if reference.hasPrefix("//") { return try HTTPURL("\(scheme):\(reference)") }
        if let byte = reference.utf8.first(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw Fault("contains \(byte == 0x20 ? "a space" : "a control character")")
        }
        if let colon = reference.firstIndex(of: ":"), !reference[..<colon].contains(where: "/?#".contains) {
            throw Fault("does not start with http:// or https://")
        }
        var url = self
        let base = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        let (newPath, newQuery) = Self.pathAndQuery(
            reference.hasPrefix("/") || reference.isEmpty ? reference[...] : "\(base)\(reference)"
        )
        if reference.isEmpty || reference.hasPrefix("#") { return url }
        url.query = newQuery
        if !reference.hasPrefix("?") { url.path = Self.removingDots(newPath) }
        return url
    }

    /// The scheme.
    public var scheme: String { isSecure ? "https" : "http" }
    /// The port of the URL, or the default port of its scheme.
    public var port: Int { explicitPort ?? (isSecure ? 443 : 80) }
    /// The host as written in a URL, with brackets around an IPv6 address.
    public var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
    /// Host and port as in the `Host` header: the port only if it is not the default of the scheme.
    public var authority: String {
        port == (isSecure ? 443 : 80) ? bracketedHost : "\(bracketedHost):\(port)"
    }
    /// Scheme, host and port: the boundary that credentials must not cross.
    public var origin: String { "\(scheme)://\(authority)" }
    /// Path and query, as in the request line.
    public var target: String { query.map { "\(path)?\($0)" } ?? path }
    /// The URL as it is requested, without user information.
    public var requestText: String { origin + target }
    /// The URL without its secrets.
    public var description: String {
        origin + path + (query.map { "?\(Redaction.query($0))" } ?? "")
    }
}

// MARK: - Reading the parts

extension HTTPURL {
    /// - Parameter mayShow: Whether an error may quote the port. It may not if the URL contains an `@`: a password with an
    ///   unescaped slash reads like a port.
    private static func hostAndPort(_ authority: Substring, mayShow: Bool) throws(Fault) -> (String, Int?) {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else {
                throw Fault("has an IPv6 address without a closing ]")
            }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let rest = authority[authority.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw Fault("has text between its IPv6 address and its port")
            }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
            guard !host.contains(":") else {
                throw Fault("has an IPv6 address that is not in brackets")
            }
        }
        guard !host.isEmpty else { throw Fault("has no host") }
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw Fault("has a host with non-ASCII characters; write it in Punycode (xn--…)")
        }
        // RFC 3986, 3.2.3: an empty port is the default one.
        guard let port, !port.isEmpty else { return (host.lowercased(), nil) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port), (1...65535).contains(number)
        else {
            throw Fault("has an invalid port\(mayShow ? " \(port)" : ""); expected 1 to 65535")
        }
        return (host.lowercased(), number)
    }

    private static func pathAndQuery(_ text: Substring) -> (path: String, query: String?) {
        let visible = text.prefix { $0 != "#" }
        let mark = visible.firstIndex(of: "?")
        let path = visible[..<(mark ?? visible.endIndex)]
        let query = mark.map { encoding(visible[visible.index(after: $0)...]) }
        return (path.isEmpty ? "/" : encoding(path), query)
    }

    /// Percent-encodes everything that is not ASCII.
    private static func encoding(_ text: Substring) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return String(text) }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte < 0x80 {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func removingPercentEncoding(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func removingDots(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}

extension HTTPURL.UserInformation {
    fileprivate init(_ text: Substring) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = HTTPURL.removingPercentEncoding(parts.first ?? "")
        password = parts.count > 1 ? HTTPURL.removingPercentEncoding(parts[1]) : ""
    }

    /// The value of the `Authorization` header for this user.
    ///
    /// Source: RFC 7617, section 2.
    public var basicCredentials: String { "Basic " + Base64.encode(Array("\(user):\(password)".utf8)) }
}

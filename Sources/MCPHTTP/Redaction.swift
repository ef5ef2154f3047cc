/// Decides by name which parts of headers and URLs may be shown.
///
/// A value does not show whether it is secret, so names decide. A secret is replaced rather than removed: the reader sees
/// that it was there. ``SecretRedactor`` removes known secrets wherever they occur.
public enum Redaction {
    /// Where a secret came from, which its replacement names.
    public enum Kind: String, Sendable {
        /// A token of an `Authorization` header.
        case token
        /// The value of another HTTP header.
        case header
        /// The value of an environment variable.
        case env
        /// A password in a URL, or one of Basic authentication.
        case password
        /// A parameter of a URL.
        case query
        /// An argument of a program or of a tool.
        case argument
        /// The key of a language model.
        case key
    }

    /// The text that stands in for a secret.
    public static func placeholder(_ kind: Kind) -> String { "‹redacted:\(kind.rawValue)›" }

    /// The value of a header of the protocol or of a response, as it may be shown.
    public static func value(of name: String, _ value: String) -> String {
        let name = name.lowercased()
        switch name {
        case "mcp-session-id": return shortened(value)
        case "authorization", "proxy-authorization":
            // The scheme is useful and not secret.
            let scheme = value.prefix { $0 != " " }
            return scheme.count < value.count ? "\(scheme) \(placeholder(.token))" : placeholder(.token)
        case "location", "content-location", "referer": return reference(value)
        case "www-authenticate", "proxy-authenticate": return value
        default: return isSecret(name) ? placeholder(.header) : value
        }
    }

    /// The value of a header that the user set, as it may be shown.
    ///
    /// Users give secrets any name, so only a few known headers are shown.
    public static func value(ofUserField name: String, _ value: String) -> String {
        if isHarmless(name) { return value }
        return name.lowercased().hasSuffix("authorization") ? Self.value(of: name, value) : placeholder(.header)
    }

    /// Whether a header that the user set never holds a secret.
    static func isHarmless(_ name: String) -> Bool { harmless.contains(name.lowercased()) }

    /// Whether the name of a header or query parameter marks its value as secret.
    public static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        let letters = name.filter { $0 != "-" && $0 != "_" && $0 != "." }
        return exact.contains(letters) || parts.contains { letters.contains($0) }
    }

    /// The first characters of a session ID: enough to tell two sessions apart, not enough to use one.
    private static func shortened(_ value: String) -> String {
        value.utf8.count > 16 ? "\(value.prefix(6))… (\(value.utf8.count) characters)" : placeholder(.header)
    }

    private static let harmless: Set<String> = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection",
        "content-language", "content-length", "content-type", "date", "host", "last-event-id", "mcp-method", "mcp-name",
        "mcp-protocol-version", "origin", "pragma", "user-agent", "via",
    ]
    private static let exact: Set<String> = [
        "cookie", "cookie2", "setcookie", "setcookie2", "auth", "key", "sig", "code", "pwd", "pass", "jwt", "sid",
        "sas", "dpop",
        "state", "sessionid", "session",
    ]
    private static let parts = [
        "token", "secret", "apikey", "password", "passwd", "credential", "signature", "authorization", "accesskey",
        "privatekey", "sessionid", "xauth", "bearer", "assertion",
    ]
}

// MARK: - URLs

extension Redaction {
    /// A query in which the values of parameters with secret names are replaced.
    public static func query(_ query: String) -> String {
        query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let sign = pair.firstIndex(of: "="), isSecret(String(pair[..<sign])) else { return String(pair) }
            return "\(pair[...sign])\(placeholder(.query))"
        }.joined(separator: "&")
    }

    /// A URL, absolute or relative, without its user information and with its secret parameters replaced.
    public static func reference(_ text: String) -> String {
        var (start, query) = split(text)
        if let slashes = start.firstRange(of: "//") {
            let authority = start[slashes.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") { start.removeSubrange(slashes.upperBound...at) }
        }
        return start + query
    }

    /// A text that may have been meant as a URL and is not one, such as `user:password@host/mcp`.
    ///
    /// The end of the password in a malformed URL is unknown. If a colon or `//` comes before the last `@`, everything
    /// before that `@` except the scheme is replaced.
    public static func malformedURL(_ text: String) -> String {
        let (start, query) = split(text)
        guard let at = start.lastIndex(of: "@") else { return start + query }
        let beginning = start[..<at].firstRange(of: "//")?.upperBound ?? start.startIndex
        guard beginning > start.startIndex || start[..<at].contains(":") else { return start + query }
        return "\(start[..<beginning])\(placeholder(.password))\(start[at...])\(query)"
    }

    /// What comes before the query, and the query with its question mark and without its secrets.
    private static func split(_ text: String) -> (start: String, query: String) {
        guard let mark = text.firstIndex(of: "?") else { return (text, "") }
        return (String(text[..<mark]), "?\(query(String(text[text.index(after: mark)...])))")
    }
}

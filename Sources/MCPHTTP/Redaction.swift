/// What of heads and URLs may be shown: secrets never reach a log, an answer or a file.
///
/// Names decide, for what is secret cannot be told from a value. What looks secret is replaced, not left out, so that a
/// reader sees that it was there.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let placeholder = "[redacted]"

    /// The value of a field of the protocol or of an answer, as it may be shown.
    public static func value(of name: String, _ value: String) -> String {
        let name = name.lowercased()
        switch name {
        case "mcp-session-id": return shortened(value)
        case "authorization", "proxy-authorization":
            // The scheme is worth knowing and no secret.
            let scheme = value.prefix { $0 != " " }
            return scheme.count < value.count ? "\(scheme) \(placeholder)" : placeholder
        case "location", "content-location", "referer": return reference(value)
        case "www-authenticate", "proxy-authenticate": return value
        default: return isSecret(name) ? placeholder : value
        }
    }

    /// The value of a field that a user gave, as it may be shown: only of a few fields, for users give secrets any name.
    public static func value(ofUserField name: String, _ value: String) -> String {
        if harmless.contains(name.lowercased()) { return value }
        return name.lowercased().hasSuffix("authorization") ? Self.value(of: name, value) : placeholder
    }

    /// Tells whether something of that name is secret, such as a field or a parameter.
    public static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        let letters = name.filter { $0 != "-" && $0 != "_" && $0 != "." }
        return exact.contains(letters) || parts.contains { letters.contains($0) }
    }

    /// A query with the values of parameters whose names look secret replaced.
    public static func query(_ query: String) -> String {
        query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let sign = pair.firstIndex(of: "="), isSecret(String(pair[..<sign])) else { return String(pair) }
            return "\(pair[...sign])\(placeholder)"
        }.joined(separator: "&")
    }

    /// A URL, whole or relative, with its secrets replaced.
    public static func reference(_ text: String) -> String {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var start = String(parts.first ?? "")
        if let slashes = start.firstRange(of: "//") {
            let authority = start[slashes.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") { start.removeSubrange(slashes.upperBound...at) }
        }
        return parts.count > 1 ? "\(start)?\(query(String(parts[1])))" : start
    }

    /// The beginning of a session's id: enough to tell two apart, too little to speak for somebody.
    private static func shortened(_ value: String) -> String {
        value.utf8.count > 16 ? "\(value.prefix(6))… (\(value.utf8.count) characters)" : placeholder
    }

    private static let harmless: Set<String> = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection",
        "content-language",
        "content-length", "content-type", "date", "host", "last-event-id", "mcp-method", "mcp-name",
        "mcp-protocol-version",
        "origin", "pragma", "user-agent", "via",
    ]
    private static let exact: Set<String> = [
        "cookie", "cookie2", "setcookie", "setcookie2", "auth", "key", "sig", "code", "pwd", "pass", "jwt", "sid",
        "sas",
        "state", "sessionid", "session",
    ]
    private static let parts = [
        "token", "secret", "apikey", "password", "passwd", "credential", "signature", "authorization", "accesskey",
        "privatekey", "sessionid", "xauth", "bearer", "assertion",
    ]
}

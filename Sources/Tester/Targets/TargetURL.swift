import JSONSchema

/// The URL of a server, taken apart as far as a tester needs it.
///
/// Source: RFC 3986, section 3.
struct TargetURL {
    let scheme: String
    /// What stands before the host, with its `@`: credentials.
    private let userInfo: Substring
    /// The host and, if there is one, the port.
    let authority: Substring
    let path: String
    private let query: Substring?

    /// Reads a URL of HTTP.
    ///
    /// - Throws: ``Failure`` that says what is wrong and what would be right; the text itself is not repeated where it
    ///   may hold a secret.
    init(_ text: String) throws(Failure) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw .usage("The URL has no \"://\" after its scheme.", nextStep: "Write http://HOST:PORT/PATH.")
        }
        let scheme = text[..<colon].lowercased()
        guard ["http", "https"].contains(scheme) else { throw Self.unknown(scheme) }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .usage(
                "The URL has a space or another character that no URL may have.",
                nextStep: "Percent-encode it (a space is %20)."
            )
        }
        self.scheme = scheme
        let rest = text[text.index(colon, offsetBy: 3)...].prefix { $0 != "#" }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let place = rest[..<end]
        let at = place.lastIndex(of: "@").map(place.index(after:)) ?? place.startIndex
        userInfo = place[..<at]
        authority = place[at...]
        let tail = rest[end...]
        let mark = tail.firstIndex(of: "?")
        path = String(tail[..<(mark ?? tail.endIndex)])
        query = mark.map { tail[tail.index(after: $0)...] }
        guard Self.isPlace(authority) else {
            throw .usage(
                "The URL names no host and port that can be: \"\(authority)\".",
                nextStep: "Write \(scheme)://HOST:PORT/PATH; an IPv6 address stands in brackets."
            )
        }
    }

    /// Tells whether the URL holds credentials.
    var hasCredentials: Bool { !userInfo.isEmpty }

    /// The URL without credentials, and with the values of what sounds secret in its query left out.
    var redacted: String {
        let shown = query.map { query in
            query.split(separator: "&", omittingEmptySubsequences: false).map(Self.redact).joined(separator: "&")
        }
        return "\(scheme)://\(authority)\(path)" + (shown.map { "?\($0)" } ?? "")
    }

    /// The same server with another path and no query, for advice.
    func with(path: String) -> String { "\(scheme)://\(authority)\(path)" }

    /// The host without the port.
    var host: Substring {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return authority[authority.index(after: authority.startIndex)..<end]
        }
        return authority.prefix { $0 != ":" }
    }

    private static let secretWords = [
        "token", "key", "secret", "password", "passwd", "pwd", "auth", "sig", "code", "credential", "session", "jwt",
    ]

    private static func redact(_ pair: Substring) -> String {
        guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
        let name = pair[..<equals].lowercased()
        return secretWords.contains { name.contains($0) } ? "\(pair[...equals])***" : String(pair)
    }

    private static func isPlace(_ text: Substring) -> Bool {
        var rest = text
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return false }
            let address = rest[rest.index(after: rest.startIndex)..<end]
            guard address.contains(":"), address.allSatisfy({ $0.isHexDigit || ":.%".contains($0) }) else {
                return false
            }
            rest = rest[rest.index(after: end)...]
        } else {
            let host = rest.prefix { $0 != ":" }
            guard !host.isEmpty, !host.contains(where: { "[]\\\"<>^`{|}".contains($0) }) else { return false }
            rest = rest[host.endIndex...]
        }
        guard let colon = rest.popFirst() else { return true }
        guard colon == ":" else { return false }
        return Int(rest).map { (1...65535).contains($0) } ?? false
    }

    private static func unknown(_ scheme: String) -> Failure {
        let close = nearest(scheme, among: ["http", "https"]).map { " Did you mean \($0)://?" } ?? ""
        return .usage(
            "\(scheme):// names no way to a server.\(close)",
            nextStep: "Give an http:// or https:// URL, the path of the server's file, or its command.",
            details: ["scheme": .string(scheme)]
        )
    }
}

import MCPHTTP
import TextUtilities

/// The secrets of URLs and HTTP headers.
enum URLSecrets {
    /// The password of a URL and its parameters with secret names, as written and decoded.
    static func secrets(of text: String) -> [Secret] {
        var secrets: [Secret] = []
        if let scheme = text.firstRange(of: "://") {
            let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                let user = authority[..<at]
                let password = user.firstIndex(of: ":").map { user[user.index(after: $0)...] } ?? user
                secrets += both(password, .password)
            }
        }
        guard let mark = text.firstIndex(of: "?") else { return secrets }
        let query = text[text.index(after: mark)...].prefix { $0 != "#" }
        for pair in query.split(separator: "&") {
            guard let equals = pair.firstIndex(of: "="), Redaction.isSecret(String(pair[..<equals])) else { continue }
            secrets += both(pair[pair.index(after: equals)...], .query)
        }
        return secrets
    }

    private static func both(_ text: Substring, _ kind: Secret.Kind) -> [Secret] {
        guard !text.isEmpty else { return [] }
        let decoded = HTTPURL.removingPercentEncoding(text)
        return [Secret(String(text), kind)] + (decoded == text ? [] : [Secret(decoded, kind)])
    }

    /// The secrets of a header that a user set; empty for one that never holds any.
    static func secrets(ofHeader name: String, _ value: String) -> [Secret] {
        guard Redaction.value(ofUserField: name, value) != value else { return [] }
        // Headers with ordinary names may hold ordinary words, such as a tenant.
        guard Redaction.isSecret(name) else { return value.utf8.count < 8 ? [] : [Secret(value, .header)] }
        guard let space = value.firstIndex(of: " ") else { return [Secret(value, .header)] }
        let credentials = String(value[value.index(after: space)...].drop { $0 == " " })
        let isAuthorization = name.lowercased().hasSuffix("authorization")
        var secrets = [Secret(credentials, isAuthorization ? .token : .header)]
        guard value[..<space].lowercased() == "basic", let bytes = Base64.decode(credentials.utf8) else {
            return secrets
        }
        let pair = String(decoding: bytes, as: UTF8.self)
        secrets.append(Secret(pair, .password))
        if let colon = pair.firstIndex(of: ":") {
            secrets.append(Secret(String(pair[pair.index(after: colon)...]), .password))
        }
        return secrets
    }
}

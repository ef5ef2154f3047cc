import JSON

/// The error of an authorization server.
///
/// Source: RFC 6749, section 5.2.
struct OAuthError: Sendable, Hashable, CustomStringConvertible {
    let code: String
    let text: String?

    /// Reads an error response; nil if it is not one.
    init?(_ document: JSONObject) {
        guard let code = document["error"]?.string, !code.isEmpty else { return nil }
        self.code = String(code.prefix(100))
        text = document["error_description"]?.string.map { String($0.prefix(500)) }
    }

    init(code: String, text: String?) {
        self.code = String(code.prefix(100))
        self.text = text.map { String($0.prefix(500)) }
    }

    var description: String { text.map { "\(code) (\($0))" } ?? code }
}

import MCPHTTP

/// The parameters of the redirect back to the client.
///
/// Source: RFC 6749, section 4.1.2; RFC 9207, section 2.
public struct Callback: Sendable {
    let code: String?
    let state: String?
    let issuer: String?
    let error: OAuthError?
    /// Why it cannot be used, as a clause; nil if it can.
    let problem: String?

    /// Reads the query of a redirect.
    init(query: String) {
        let parameters = FormParameters(parsing: query)
        let names = ["code", "state", "iss", "error", "error_description"]
        problem = names.first { parameters.values(of: $0).count > 1 }.map { "the parameter \($0) is repeated" }
        code = parameters.values(of: "code").first
        state = parameters.values(of: "state").first
        issuer = parameters.values(of: "iss").first
        error = parameters.values(of: "error").first.map {
            OAuthError(code: $0, text: parameters.values(of: "error_description").first)
        }
    }

    /// Reads a redirect URL that the user copied from the browser's address bar.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/malformedCallback``.
    public init(pasted text: String) throws(AuthFailure) {
        let url: HTTPURL
        do throws(HTTPURL.Fault) {
            url = try HTTPURL(text.trimmed)
        } catch {
            throw AuthFailure(
                .malformedCallback,
                "the pasted text is not a URL: it \(error)",
                advice: "Paste the whole address that the browser shows after you agreed."
            )
        }
        guard let query = url.query else {
            throw AuthFailure(
                .malformedCallback,
                "the pasted URL has no parameters",
                advice: "Paste the whole address that the browser shows after you agreed."
            )
        }
        self.init(query: query)
    }
}

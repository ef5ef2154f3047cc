package import JSON

/// A signed JWT in its compact form.
///
/// Source: RFC 7515, section 7.1; RFC 7519.
package struct JSONWebToken: Sendable {
    /// The header.
    package let header: JSONObject
    /// The claims, not verified.
    package let claims: JSONObject
    /// The signature; empty for `none`.
    package let signature: [UInt8]
    /// The bytes that are signed.
    package let signedBytes: [UInt8]

    /// Reads a token; nil if it is not a JWT.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let read = TokenClaims(text), parts.count == 3, let signature = Base64URL.decode(parts[2]) else {
            return nil
        }
        (header, claims, self.signature) = (read.header, read.claims, signature)
        signedBytes = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// The ID of the key that it was signed with; nil if it names none.
    package var keyID: String? { header["kid"]?.string }

    /// The scopes that it was issued for: `scope` with spaces, or `scp` as a list.
    package var scopes: ScopeSet {
        if let text = claims["scope"]?.string ?? claims["scp"]?.string { return ScopeSet(parsing: text) }
        return ScopeSet((claims["scope"] ?? claims["scp"])?.array?.compactMap(\.string) ?? [])
    }

    /// The resources that it was issued for.
    package var audiences: [String] {
        claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.array?.compactMap(\.string) ?? []
    }

    /// The text that is signed: header and claims.
    package static func unsigned(_ header: JSONObject, _ claims: JSONObject) -> String {
        let parts = [header, claims].map { Base64URL.encode(Array(JSONValue.object($0).description.utf8)) }
        return parts.joined(separator: ".")
    }
}

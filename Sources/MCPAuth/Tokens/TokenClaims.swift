public import JSON
import TextUtilities

/// The claims of a token that is a JWT, read without verification, to be shown.
public struct TokenClaims: Sendable {
    /// The header of the JWT.
    public let header: JSONObject
    /// The claims.
    public let claims: JSONObject

    /// Reads a token; nil if it is not a JWT.
    public init?(_ token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            header["alg"]?.string != nil
        else { return nil }
        self.header = header
        self.claims = claims
    }

    private static func object(_ part: Substring) -> JSONObject? {
        guard part.utf8.count < 1 << 16, let bytes = Base64URL.decode(part) else { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes).object
        } catch {
            // A token need not be a JWT.
            return nil
        }
    }
}

/// Base64 for URLs, without padding (RFC 4648, section 5).
package enum Base64URL {
    /// Encodes bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes).map { character -> Character in
            switch character {
            case "+": "-"
            case "/": "_"
            default: character
            }
        }
        return String(text.filter { $0 != "=" })
    }

    /// Decodes a text; nil if it is not valid.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var letters = text.utf8.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        letters += [UInt8](repeating: UInt8(ascii: "="), count: (4 - letters.count % 4) % 4)
        return Base64.decode(letters)
    }
}

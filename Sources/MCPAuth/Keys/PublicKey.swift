import Crypto
import CryptoExtras
import JSON
import TextUtilities

/// A public key that verifies signatures.
enum PublicKey: Sendable {
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey)

    /// Reads a JSON Web Key; nil if it is malformed or of another kind.
    ///
    /// Source: RFC 7518, section 6; RFC 8037, section 2.
    init?(jwk: JSONObject) {
        let bytes = { (name: String) in jwk[name]?.string.flatMap { Base64URL.decode($0) } }
        do {
            switch (jwk["kty"]?.string, jwk["crv"]?.string) {
            case ("EC", let curve?):
                guard let x = bytes("x"), let y = bytes("y") else { return nil }
                let point = [0x04] + x + y
                switch curve {
                case "P-256": self = .p256(try .init(x963Representation: point))
                case "P-384": self = .p384(try .init(x963Representation: point))
                case "P-521": self = .p521(try .init(x963Representation: point))
                default: return nil
                }
            case ("OKP", "Ed25519"):
                guard let x = bytes("x") else { return nil }
                self = .ed25519(try .init(rawRepresentation: x))
            case ("RSA", _):
                guard let n = bytes("n"), let e = bytes("e") else { return nil }
                self = .rsa(try .init(n: n, e: e))
            default: return nil
            }
        } catch {
            return nil
        }
    }

    /// Whether the signature of a message is valid; false if the algorithm is not one of this kind of key.
    func isValid(_ signature: [UInt8], of message: [UInt8], _ algorithm: SigningAlgorithm) -> Bool {
        do {
            switch (self, algorithm) {
            case (.p256(let key), .es256):
                return key.isValidSignature(try .init(rawRepresentation: signature), for: message)
            case (.p384(let key), .es384):
                return key.isValidSignature(try .init(rawRepresentation: signature), for: message)
            case (.p521(let key), .es512):
                return key.isValidSignature(try .init(rawRepresentation: signature), for: message)
            case (.ed25519(let key), .edDSA): return key.isValidSignature(signature, for: message)
            case (.rsa(let key), .rs256), (.rsa(let key), .rs384), (.rsa(let key), .rs512), (.rsa(let key), .ps256),
                (.rsa(let key), .ps384), (.rsa(let key), .ps512):
                return RSASignature.isValid(signature, of: message, algorithm, with: key)
            default: return false
            }
        } catch {
            // A signature of another length.
            return false
        }
    }

    /// The members of a JSON Web Key that describe the key.
    var jwk: JSONObject {
        switch self {
        case .p256(let key): Self.point("P-256", Array(key.rawRepresentation))
        case .p384(let key): Self.point("P-384", Array(key.rawRepresentation))
        case .p521(let key): Self.point("P-521", Array(key.rawRepresentation))
        case .ed25519(let key):
            ["kty": "OKP", "crv": "Ed25519", "x": .string(Base64URL.encode(Array(key.rawRepresentation)))]
        case .rsa(let key): Self.members(of: key)
        }
    }

    private static func point(_ curve: String, _ coordinates: [UInt8]) -> JSONObject {
        let half = coordinates.count / 2
        return [
            "kty": "EC", "crv": .string(curve), "x": .string(Base64URL.encode(Array(coordinates[..<half]))),
            "y": .string(Base64URL.encode(Array(coordinates[half...]))),
        ]
    }

    private static func members(of key: _RSA.Signing.PublicKey) -> JSONObject {
        do {
            let numbers = try key.getKeyPrimitives()
            return [
                "kty": "RSA", "n": .string(Base64URL.encode(Array(numbers.modulus))),
                "e": .string(Base64URL.encode(Array(numbers.publicExponent))),
            ]
        } catch {
            preconditionFailure("an RSA key has a modulus")
        }
    }

    /// The key in PEM (SubjectPublicKeyInfo); nil for Ed25519.
    var pem: String? {
        switch self {
        case .p256(let key): key.pemRepresentation
        case .p384(let key): key.pemRepresentation
        case .p521(let key): key.pemRepresentation
        case .ed25519: nil
        case .rsa(let key): key.pemRepresentation
        }
    }
}

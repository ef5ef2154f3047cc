import Crypto
import CryptoExtras
import JSON
import TextUtilities

/// A private key, read from PEM.
enum PrivateKey: Sendable {
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
    case rsa(_RSA.Signing.PrivateKey)

    /// Reads an unencrypted key; nil if the text is none.
    init?(pem: String) {
        // The library distinguishes the kinds of keys only by failing.
        if let key = Self.attempt({ try P256.Signing.PrivateKey(pemRepresentation: pem) }) {
            self = .p256(key)
        } else if let key = Self.attempt({ try P384.Signing.PrivateKey(pemRepresentation: pem) }) {
            self = .p384(key)
        } else if let key = Self.attempt({ try P521.Signing.PrivateKey(pemRepresentation: pem) }) {
            self = .p521(key)
        } else if let seed = Self.ed25519Seed(pem),
            let key = Self.attempt({ try Curve25519.Signing.PrivateKey(rawRepresentation: seed) })
        {
            self = .ed25519(key)
        } else if let key = Self.attempt({ try _RSA.Signing.PrivateKey(unsafePEMRepresentation: pem) }) {
            self = .rsa(key)
        } else {
            return nil
        }
    }

    private static func attempt<Key>(_ read: () throws -> Key) -> Key? {
        do {
            return try read()
        } catch {
            return nil
        }
    }

    /// The seed of an Ed25519 key in PKCS #8, which the library does not read (RFC 8410, section 7).
    private static func ed25519Seed(_ pem: String) -> [UInt8]? {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        let text = lines.joined().filter { !$0.isWhitespace }
        guard let der = Base64.decode(text.utf8) else { return nil }
        let marker: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
        guard let start = der.firstRange(of: marker)?.upperBound, der.count >= start + 32 else { return nil }
        return Array(der[start..<start + 32])
    }

    /// The algorithms that the key can sign with, the usual one first.
    var algorithms: [SigningAlgorithm] {
        switch self {
        case .p256: [.es256]
        case .p384: [.es384]
        case .p521: [.es512]
        case .ed25519: [.edDSA]
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        }
    }

    /// Signs a message.
    ///
    /// - Precondition: The algorithm is one of ``algorithms``.
    func sign(_ message: [UInt8], _ algorithm: SigningAlgorithm) throws -> [UInt8] {
        switch self {
        case .p256(let key): Array(try key.signature(for: message).rawRepresentation)
        case .p384(let key): Array(try key.signature(for: message).rawRepresentation)
        case .p521(let key): Array(try key.signature(for: message).rawRepresentation)
        case .ed25519(let key): Array(try key.signature(for: message))
        case .rsa(let key): try RSASignature.sign(message, algorithm, with: key)
        }
    }

    /// The public key.
    var publicKey: PublicKey {
        switch self {
        case .p256(let key): .p256(key.publicKey)
        case .p384(let key): .p384(key.publicKey)
        case .p521(let key): .p521(key.publicKey)
        case .ed25519(let key): .ed25519(key.publicKey)
        case .rsa(let key): .rsa(key.publicKey)
        }
    }
}

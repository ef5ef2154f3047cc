import Crypto
import CryptoExtras

/// Signs and verifies with RSA, for which the library takes digests of three types.
enum RSASignature {
    static func sign(
        _ message: [UInt8],
        _ algorithm: SigningAlgorithm,
        with key: _RSA.Signing.PrivateKey
    ) throws -> [UInt8] {
        let padding = padding(of: algorithm)
        let signature =
            switch digestBits(of: algorithm) {
            case 384: try key.signature(for: SHA384.hash(data: message), padding: padding)
            case 512: try key.signature(for: SHA512.hash(data: message), padding: padding)
            default: try key.signature(for: SHA256.hash(data: message), padding: padding)
            }
        return Array(signature.rawRepresentation)
    }

    static func isValid(
        _ bytes: [UInt8],
        of message: [UInt8],
        _ algorithm: SigningAlgorithm,
        with key: _RSA.Signing.PublicKey
    ) -> Bool {
        let padding = padding(of: algorithm)
        let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes)
        return switch digestBits(of: algorithm) {
        case 384: key.isValidSignature(signature, for: SHA384.hash(data: message), padding: padding)
        case 512: key.isValidSignature(signature, for: SHA512.hash(data: message), padding: padding)
        default: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: padding)
        }
    }

    private static func padding(of algorithm: SigningAlgorithm) -> _RSA.Signing.Padding {
        algorithm.rawValue.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
    }

    private static func digestBits(of algorithm: SigningAlgorithm) -> Int {
        switch algorithm {
        case .rs384, .ps384: 384
        case .rs512, .ps512: 512
        default: 256
        }
    }
}

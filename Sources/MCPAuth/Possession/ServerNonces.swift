import MCPHTTP
import Synchronization

/// The newest nonce of each authorization server, which proofs repeat.
///
/// Source: RFC 9449, section 8.
final class ServerNonces: Sendable {
    private let newest = Mutex<[String: String]>([:])

    subscript(url: HTTPURL) -> String? { newest.withLock { $0[url.origin] } }

    /// Takes the nonce of a response.
    func read(_ response: AuthResponse, from url: HTTPURL) {
        guard let nonce = response.values(of: "DPoP-Nonce").first else { return }
        newest.withLock { $0[url.origin] = nonce }
    }
}

import AsyncRuntime
import Crypto
import JSON
import Synchronization
import TextUtilities

/// Encrypts the document of a token store with a key that the system's secret service keeps.
///
/// The service does not keep the document itself, because `secret-tool` cuts off secrets after 8,192 bytes, and a few tokens
/// need more.
///
/// Source: AES-GCM as of NIST SP 800-38D.
final class StoreSeal: Sendable {
    private let service: SecretService
    /// The key; nil until the service has returned it.
    private let known = Mutex<SymmetricKey?>(nil)

    private static let keySize = 32

    init(clock: any Scheduler) {
        service = SecretService(clock: clock)
    }

    /// Why a document cannot be decrypted, as a clause about the file.
    struct Fault: Error {
        var reason: String
        var advice: String
    }

    /// Checks that the secret service can be used.
    ///
    /// - Parameter createsKey: Whether a missing key is created.
    /// - Throws: ``AuthFailure`` if the secret service cannot be used.
    func prepare(createsKey: Bool) async throws(AuthFailure) {
        guard try await key() == nil, createsKey else { return }
        _ = try await newKey()
    }

    /// Decrypts a document; the failure says why it cannot be decrypted.
    ///
    /// - Throws: ``AuthFailure`` if the secret service cannot be used.
    func open(_ text: String) async throws(AuthFailure) -> Result<[UInt8], Fault> {
        guard let key = try await key() else {
            let reason = "is encrypted, and the system's secret service has no key for it, or is locked"
            return .failure(Fault(reason: reason, advice: "Unlock the keyring. If the key is lost, remove the file."))
        }
        do {
            let sealed = Base64.decode(text.utf8) ?? []
            return .success(Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key)))
        } catch {
            let reason = "cannot be decrypted with the key in the system's secret service"
            return .failure(Fault(reason: reason, advice: "Remove the file, and log in again."))
        }
    }

    /// Encrypts a document, with a new key if there is none.
    ///
    /// - Throws: ``AuthFailure`` if the secret service cannot be used.
    func seal(_ document: [UInt8]) async throws(AuthFailure) -> String {
        let key = if let key = try await key() { key } else { try await newKey() }
        do {
            let box = try AES.GCM.seal(document, using: key)
            return Base64.encode(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
        } catch {
            throw AuthFailure(.store, "the token store cannot be encrypted: \(error)")
        }
    }

    private func key() async throws(AuthFailure) -> SymmetricKey? {
        if let key = known.withLock({ $0 }) { return key }
        guard let text = try await service.key() else { return nil }
        guard let bytes = Base64.decode(text.utf8), bytes.count == Self.keySize else {
            throw AuthFailure(
                .store,
                "the item mcp-test-mcp in the system's secret service is not a key",
                advice: "Remove that item, or use a file instead: --auth-store FILE."
            )
        }
        return remember(SymmetricKey(data: bytes))
    }

    private func newKey() async throws(AuthFailure) -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let text = Base64.encode(key.withUnsafeBytes { Array($0) })
        try await service.store(text)
        // A key that cannot be read back would be lost with this process.
        guard try await service.key() == text else {
            throw AuthFailure(
                .store,
                "the system's secret service did not keep the key",
                advice: "Unlock the keyring, or use a file instead: --auth-store FILE."
            )
        }
        return remember(key)
    }

    private func remember(_ key: SymmetricKey) -> SymmetricKey {
        known.withLock { $0 = key }
        return key
    }
}

import AsyncRuntime
import Crypto
import JSONRPC
import MCPTransport
import Synchronization
import TextUtilities

/// Encrypts the state that handlers send with input requests.
///
/// A client can neither read nor change it, nor use it with another request or after it has expired. The key is valid for the
/// lifetime of the process.
/// Source: 2026-07-28, "Multi round-trip requests", security of `requestState`; AES-GCM as of NIST SP 800-38D.
final class StateSeal: Sendable {
    private struct Used {
        var expiries: [[UInt8]: UInt64] = [:]
        var nextPruning = 64
    }

    private let key = SymmetricKey(size: .bits256)
    private let policy: RequestStatePolicy
    private let scheduler: any Scheduler
    private let beginning: ContinuousClock.Instant
    /// The nonces of used states, with the times after which those are rejected anyway.
    private let used = Mutex(Used())

    init(_ policy: RequestStatePolicy, scheduler: any Scheduler) {
        self.policy = policy
        self.scheduler = scheduler
        beginning = scheduler.now
    }

    /// Encrypts a state.
    func seal(_ state: String, for binding: StateBinding) throws -> String {
        let expiry = now + policy.lifetime.milliseconds
        let plain = expiry.bigEndianBytes + Array(state.utf8)
        let box = try AES.GCM.seal(plain, using: key, authenticating: binding.digest)
        return Base64.encode(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// Decrypts a state that a client sent.
    ///
    /// - Throws: an error for the client if the state is not valid for its request.
    func open(_ text: String, for binding: StateBinding) throws(RPCError) -> String {
        guard let sealed = Base64.decode(text.utf8), sealed.count >= Self.overhead else { throw .foreignState }
        let plain: [UInt8]
        do {
            plain = Array(
                try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: binding.digest)
            )
        } catch {
            throw .foreignState
        }
        let expiry = UInt64(bigEndianBytes: plain[..<Self.expirySize])
        guard now < expiry else {
            throw .invalidParams("the requestState has expired; repeat the request without it")
        }
        if policy.isSingleUse { try use(Array(sealed[..<Self.nonceSize]), until: expiry) }
        return String(decoding: plain[Self.expirySize...], as: UTF8.self)
    }

    /// Records the use of a state.
    ///
    /// Only authentic states come this far, which bounds the list.
    private func use(_ nonce: [UInt8], until expiry: UInt64) throws(RPCError) {
        let now = now
        let isFirst = used.withLock { used in
            if used.expiries.count >= used.nextPruning {
                used.expiries = used.expiries.filter { $0.value > now }
                used.nextPruning = max(64, used.expiries.count * 2)
            }
            return used.expiries.updateValue(expiry, forKey: nonce) == nil
        }
        guard isFirst else {
            throw .invalidParams("the requestState was already used; repeat the request without it")
        }
    }

    /// The milliseconds since the seal was created.
    private var now: UInt64 { beginning.duration(to: scheduler.now).milliseconds }

    private static let nonceSize = 12
    private static let expirySize = 8
    /// The size of nonce, tag and expiry.
    private static let overhead = 12 + 16 + 8
}

extension RPCError {
    fileprivate static var foreignState: RPCError {
        .invalidParams(
            "the requestState does not belong to this request and caller;"
                + " send it back unchanged and with the same parameters, or repeat the request without it"
        )
    }
}

extension Duration {
    /// Whole milliseconds; 0 if negative.
    fileprivate var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) * 1000 + UInt64(clamping: attoseconds / 1_000_000_000_000_000)
    }
}

extension UInt64 {
    fileprivate var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * $0)) }
    }

    fileprivate init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

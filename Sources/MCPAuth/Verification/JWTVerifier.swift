package import AsyncRuntime
package import MCPTransport
import Synchronization

/// Verifies access tokens that are JWTs of one issuer.
///
/// The keys are fetched when the first token needs them, again when they are old, and when a token names an unknown key,
/// because issuers rotate their keys. Anyone can send a token with an unknown key, so that fetches are limited.
///
/// Source: 2026-07-28, "Authorization", "Token Handling"; RFC 9068, section 4.
package final class JWTVerifier: TokenVerifier {
    /// How long keys are used before they are fetched again.
    package static let lifetime = Duration.seconds(3600)
    /// The shortest time between a fetch that failed and the next one.
    package static let pause = Duration.seconds(10)
    /// The maximum number of fetches within ``period``.
    package static let limit = 10
    /// How long a fetch counts.
    package static let period = Duration.seconds(60)

    private struct State {
        var keys: KeySet?
        var fetched: ContinuousClock.Instant?
        /// The starts of the last fetches, oldest first, at most ``JWTVerifier/limit``.
        var attempts: [ContinuousClock.Instant] = []
        var hasFailed = false
        var fault = "its keys were not fetched yet"
        /// Opened when the running fetch ends.
        var running: Latch<Void>?
    }

    private let rules: TokenRules
    private let fetch: @Sendable () async -> Result<KeySet, KeySource.Fault>
    private let clock: any Scheduler
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - keys: The keys that are known without fetching.
    ///   - fetch: Fetches the keys.
    ///   - clock: Measures how old keys are.
    ///   - now: The time in seconds since 1970, for expiry.
    package init(
        _ rules: TokenRules,
        keys: KeySet? = nil,
        fetch: @escaping @Sendable () async -> Result<KeySet, KeySource.Fault>,
        clock: any Scheduler,
        now: @escaping @Sendable () -> Int64
    ) {
        self.rules = rules
        self.fetch = fetch
        self.clock = clock
        self.now = now
        var state = State()
        state.keys = keys
        state.fetched = keys == nil ? nil : clock.now
        self.state = Mutex(state)
    }

    package func verdict(on text: String) -> TokenVerdict? {
        guard let token = JSONWebToken(text) else { return .invalid(reason: "the token is not a JWT") }
        let (keys, isFetchable, fault) = state.withLock { state in
            (usableKeys(state), mayFetch(state), state.fault)
        }
        guard let keys else { return isFetchable ? nil : undecided(fault) }
        if let verdict = rules.verdict(on: token, keys, now: now()) { return verdict }
        return isFetchable ? nil : .invalid(reason: "the token is signed with an unknown key")
    }

    package func verdictAfterFetching(on text: String) async -> TokenVerdict {
        // Another request may have fetched the keys meanwhile.
        if let verdict = verdict(on: text) { return verdict }
        await refresh()
        guard let token = JSONWebToken(text) else { return .invalid(reason: "the token is not a JWT") }
        let (keys, fault) = state.withLock { ($0.keys, $0.fault) }
        guard let keys else { return undecided(fault) }
        return rules.verdict(on: token, keys, now: now())
            ?? .invalid(reason: "the token is signed with an unknown key")
    }

    private func undecided(_ fault: String) -> TokenVerdict {
        .undecided(reason: "the keys of \(rules.issuer) are not available: \(fault)")
    }

    /// The keys, unless they are so old that they have to be fetched again.
    private func usableKeys(_ state: State) -> KeySet? {
        guard let fetched = state.fetched, fetched.advanced(by: Self.lifetime) <= clock.now, mayFetch(state) else {
            return state.keys
        }
        return nil
    }

    private func mayFetch(_ state: State) -> Bool {
        if state.running != nil { return true }
        if state.hasFailed, let last = state.attempts.last, last.advanced(by: Self.pause) > clock.now { return false }
        return state.attempts.count < Self.limit || state.attempts[0].advanced(by: Self.period) <= clock.now
    }

    /// Fetches the keys, or waits for the fetch that is running.
    private func refresh() async {
        let (latch, isFirst) = state.withLock { state -> (Latch<Void>?, Bool) in
            if let running = state.running { return (running, false) }
            guard mayFetch(state) else { return (nil, false) }
            let latch = Latch<Void>()
            state.running = latch
            state.attempts = state.attempts.suffix(Self.limit - 1) + [clock.now]
            return (latch, true)
        }
        guard let latch else { return }
        guard isFirst else { return await latch.wait() }
        let result = await fetch()
        state.withLock { state in
            state.running = nil
            switch result {
            case .success(let keys): (state.keys, state.fetched, state.hasFailed) = (keys, clock.now, false)
            // Old keys are better than none: the issuer may be down for a moment.
            case .failure(let fault): (state.fault, state.hasFailed) = (fault.reason, true)
            }
        }
        latch.open()
    }
}

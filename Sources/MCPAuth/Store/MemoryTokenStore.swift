import AsyncRuntime
import Synchronization

/// Keeps authorizations as long as the process runs.
public final class MemoryTokenStore: TokenStore {
    private struct State {
        var authorizations: [Authorization] = []
        var isLocked = false
        var waiting: [Latch<Void>] = []
    }

    private let state = Mutex(State())

    /// Creates an empty store.
    public init() {}

    /// All authorizations.
    public func authorizations() async -> [Authorization] {
        state.withLock { $0.authorizations }
    }

    /// Saves an authorization in place of the one with the same key.
    public func save(_ authorization: Authorization) async {
        state.withLock { $0.authorizations.replace(authorization) }
    }

    /// Removes the authorization with a key.
    @discardableResult
    public func remove(_ key: Authorization.Key) async -> Bool {
        state.withLock { $0.authorizations.drop(key) }
    }

    /// Memory can always be used.
    public func check(isForSaving: Bool) async {}

    /// Runs a closure while no other task of this process does.
    public func exclusively<Value: Sendable>(
        _ body: @Sendable () async throws(AuthFailure) -> Value
    ) async throws(AuthFailure) -> Value {
        await lock()
        defer { unlock() }
        return try await body()
    }

    private func lock() async {
        let turn = state.withLock { state -> Latch<Void>? in
            guard state.isLocked else {
                state.isLocked = true
                return nil
            }
            let turn = Latch<Void>()
            state.waiting.append(turn)
            return turn
        }
        // The holder's exchanges have timeouts, so this wait ends.
        await turn?.wait()
    }

    private func unlock() {
        let next = state.withLock { state -> Latch<Void>? in
            guard !state.waiting.isEmpty else {
                state.isLocked = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.open()
    }
}

extension [Authorization] {
    mutating func replace(_ authorization: Authorization) {
        if let index = firstIndex(where: { $0.key == authorization.key }) {
            self[index] = authorization
        } else {
            append(authorization)
        }
    }

    mutating func drop(_ key: Authorization.Key) -> Bool {
        let before = count
        removeAll { $0.key == key }
        return count < before
    }
}

import MCPAuth
import Synchronization

/// The logins that a session has begun, at most one per server, and the tokens that they brought.
final class PendingLogins: Sendable {
    private struct State {
        var logins: [ResourceIdentifier: PendingLogin] = [:]
        var isClosed = false
    }

    /// The tokens, which are kept in memory only.
    let store: MemoryTokenStore
    private let state = Mutex(State())

    /// How many logins a session has at once; each listens on a port.
    private static let limit = 16

    /// Creates a session's logins.
    ///
    /// - Parameter store: Gets the tokens.
    init(store: MemoryTokenStore) {
        self.store = store
    }

    subscript(server: ResourceIdentifier) -> PendingLogin? { state.withLock { $0.logins[server] } }

    /// The login at a server, which begins if there is none; nil if no further login may begin.
    func login(at server: ResourceIdentifier, begin: () -> PendingLogin) -> PendingLogin? {
        state.withLock { state in
            if let login = state.logins[server] { return login }
            guard !state.isClosed, state.logins.count < Self.limit else { return nil }
            let login = begin()
            state.logins[server] = login
            return login
        }
    }

    /// Forgets a login that has ended, so that another one can begin.
    func remove(_ login: PendingLogin, at server: ResourceIdentifier) {
        state.withLock { state in
            if state.logins[server] === login { state.logins[server] = nil }
        }
    }

    /// Cancels all logins and waits until they have ended; no further login begins.
    func close() async {
        let logins = state.withLock { state in
            defer { state = State(isClosed: true) }
            return Array(state.logins.values)
        }
        for login in logins { await login.cancel() }
    }
}

import MCPTransport
import Synchronization

/// The connections of all sessions by their ids, so that one session can use a connection of another.
///
/// Only sessions of the same principal can. For a while it is remembered why a connection ended.
public final class ConnectionDirectory: Sendable {
    /// A connection and its registry.
    struct Entry {
        let connection: Connection
        let home: ConnectionRegistry
    }

    private enum Status {
        case live(Entry)
        case ended(String)
    }

    private struct State {
        var entries: [String: (principal: Principal, status: Status)] = [:]
        var ended: [String] = []
        var secrets: [Principal: SecretStore] = [:]
    }

    /// How many ended connections are remembered.
    private static let remembered = 500

    /// The calls that wait for input, on any connection.
    let calls = PendingCalls()
    /// The reports of which callers have seen only a part.
    let results: ResultStore
    private let state = Mutex(State())

    /// Creates an empty directory.
    public convenience init() {
        self.init(results: ResultStore())
    }

    init(results: ResultStore) {
        self.results = results
    }

    /// The secrets of a principal's connections: another session of the same principal may use them.
    func secrets(of principal: Principal, parent: SecretStore) -> SecretStore {
        state.withLock { state in
            if let store = state.secrets[principal] { return store }
            let store = SecretStore(parent: parent)
            state.secrets[principal] = store
            return store
        }
    }

    func add(_ connection: Connection, of principal: Principal, in home: ConnectionRegistry) {
        state.withLock { $0.entries[connection.id] = (principal, .live(Entry(connection: connection, home: home))) }
    }

    /// A connection of a principal; `nil` for that of another.
    func find(_ id: String, for principal: Principal) -> Entry? {
        state.withLock { state in
            guard let found = state.entries[id], found.principal == principal, case .live(let entry) = found.status
            else { return nil }
            return entry
        }
    }

    /// Why a connection of a principal ended, if that is still known.
    func end(of id: String, for principal: Principal) -> String? {
        state.withLock { state in
            guard let found = state.entries[id], found.principal == principal, case .ended(let reason) = found.status
            else { return nil }
            return reason
        }
    }

    /// Removes a connection that ended.
    func remove(_ connection: Connection, because reason: String) {
        state.withLock { state in
            guard let found = state.entries[connection.id], case .live(let entry) = found.status else { return }
            // After a restart the id belongs to the connection that replaced this one.
            guard entry.connection === connection else { return }
            state.entries[connection.id] = (found.principal, .ended(reason))
            state.ended.append(connection.id)
            if state.ended.count > Self.remembered {
                for id in state.ended.prefix(Self.remembered / 2) { state.entries[id] = nil }
                state.ended.removeFirst(Self.remembered / 2)
            }
        }
    }
}

import Synchronization

/// The connections of one session by name, one of which is current.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [String: Connection] = [:]
        var order: [String] = []
        var current: String?
        var lastIdleEnd: String?
        /// How many connections are being made.
        var pending = 0
    }

    private let state = Mutex(State())

    /// The connection with a name; the current one without a name.
    func find(_ name: String?) -> Connection? {
        state.withLock { state in
            guard let name = name ?? state.current else { return nil }
            return state.connections[name]
        }
    }

    var all: [Connection] {
        state.withLock { state in state.order.compactMap { state.connections[$0] } }
    }

    var names: [String] { state.withLock { $0.order } }

    var currentName: String? { state.withLock { $0.current } }

    /// Which connection was closed last because it was idle, as a clause.
    var lastIdleEnd: String? { state.withLock { $0.lastIdleEnd } }

    func noteIdleEnd(of connection: Connection, because reason: String) {
        state.withLock { $0.lastIdleEnd = "connection \"\(connection.name)\" was closed because \(reason)" }
    }

    /// Reserves room for a connection until ``release()``; one that it will replace does not count.
    ///
    /// - Returns: Whether there is room.
    func reserve(_ name: String, upTo limit: Int) -> Bool {
        state.withLock { state in
            let others = state.order.count { $0 != name }
            guard others + state.pending < limit else { return false }
            state.pending += 1
            return true
        }
    }

    /// Gives reserved room back, after the connection was added or has failed.
    func release() {
        state.withLock { $0.pending -= 1 }
    }

    /// Makes a connection current.
    ///
    /// - Returns: The name of the connection that was current; `nil` if the connection is not one of these.
    func makeCurrent(_ connection: Connection) -> String? {
        state.withLock { state in
            guard state.connections[connection.name] === connection else { return nil }
            defer { state.current = connection.name }
            return state.current ?? connection.name
        }
    }

    /// Adds a connection, in place of one with the same name.
    ///
    /// - Parameter isCurrent: Whether it becomes current; if not, only if none is.
    /// - Returns: The connection that it replaces.
    func add(_ connection: Connection, isCurrent: Bool = true) -> Connection? {
        state.withLock { state in
            let former = state.connections.updateValue(connection, forKey: connection.name)
            if former == nil { state.order.append(connection.name) }
            if isCurrent || state.current == nil { state.current = connection.name }
            state.lastIdleEnd = nil
            return former
        }
    }

    /// Removes a connection; the one added before it becomes current.
    ///
    /// - Returns: Whether it was there; another one with the same name stays.
    func remove(_ connection: Connection) -> Bool {
        state.withLock { state in
            guard state.connections[connection.name] === connection else { return false }
            state.connections[connection.name] = nil
            state.order.removeAll { $0 == connection.name }
            if state.current == connection.name { state.current = state.order.last }
            return true
        }
    }
}

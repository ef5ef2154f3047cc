import Synchronization

/// The connections of one session, by name; one of them is the current one.
final class ConnectionRegistry: Sendable {
    private struct State {
        var connections: [String: Connection] = [:]
        var order: [String] = []
        var current: String?
        var lastIdleEnd: String?
        /// How many are being made.
        var pending = 0
    }

    private let state = Mutex(State())

    /// The connection of that name, or the current one where none is named.
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

    /// What is to be told to who still counts on a connection that ended because nobody used it.
    var lastIdleEnd: String? { state.withLock { $0.lastIdleEnd } }

    func noteIdleEnd(of connection: Connection, because reason: String) {
        state.withLock { $0.lastIdleEnd = "the connection \"\(connection.name)\" has ended: \(reason)" }
    }

    /// Makes room for one more, until that is made or has failed; tells whether there is any.
    func reserve(upTo limit: Int) -> Bool {
        state.withLock { state in
            guard state.order.count + state.pending < limit else { return false }
            state.pending += 1
            return true
        }
    }

    /// The room that was made is taken by now, or not needed.
    func release() {
        state.withLock { $0.pending -= 1 }
    }

    /// Adds a connection and makes it the current one.
    func add(_ connection: Connection) {
        state.withLock { state in
            if state.connections.updateValue(connection, forKey: connection.name) == nil {
                state.order.append(connection.name)
            }
            state.current = connection.name
            state.lastIdleEnd = nil
        }
    }

    /// Takes a connection out; the one added before it becomes the current one.
    ///
    /// - Returns: Whether it was there; another one of the same name stays.
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

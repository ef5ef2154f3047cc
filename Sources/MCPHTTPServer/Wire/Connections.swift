import AsyncRuntime
import JSONRPC

/// The open connections of a server.
final class Connections {
    private let quota: Quota
    private var open: [ObjectIdentifier: ConnectionHandler] = [:]
    private var isStopping = false

    /// Opened once the server is stopping and the last connection is closed.
    let allClosed = Latch<Void>()
    /// Called after a connection was closed.
    var onClose: () -> Void = {}

    init(limit: Int) {
        quota = Quota(limit)
    }

    /// A permit for one more connection, or nil if there are too many.
    func acquire() -> Permit? {
        quota.acquire()
    }

    func add(_ connection: ConnectionHandler) {
        open[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: ConnectionHandler) {
        guard open.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        checkAllClosed()
        onClose()
    }

    /// Closes idle connections, and each other one once its request is served.
    func beginStopping() {
        isStopping = true
        for connection in open.values { connection.beginStopping() }
        checkAllClosed()
    }

    /// Fails all requests that are still running, and closes all connections.
    func close(_ error: RPCError) {
        // A session's responses may be sent by several connections, so that none is closed before all requests have failed.
        for connection in open.values { connection.abort(error) }
        for connection in open.values { connection.close() }
    }

    private func checkAllClosed() {
        if isStopping, open.isEmpty { allClosed.open() }
    }
}

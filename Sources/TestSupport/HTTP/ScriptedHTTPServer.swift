import Dispatch
import Platform
import Synchronization

/// An HTTP server whose every byte is scripted, for faults that real servers do not show on demand.
///
/// Each connection runs the script once. A script reads requests and writes whole responses or parts of
/// them, and may wait for a ``Gate`` in between. When it returns or throws, its connection is closed.
///
/// ```swift
/// let server = try ScriptedHTTPServer { connection in
///     while let request = try await connection.readRequest() {
///         try await connection.answer(200, body: #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
///     }
/// }
/// defer { server.stop() }
/// ```
public final class ScriptedHTTPServer: Sendable {
    /// Handles one connection.
    public typealias Script = @Sendable (ScriptedHTTPConnection) async throws -> Void

    /// The port.
    public let port: Int
    /// The host as in a URL.
    public let host: String

    private struct State {
        var requests: [ScriptedHTTPRequest] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var connections: [ScriptedHTTPConnection] = []
        var tasks: [Task<Void, Never>] = []
        var isStopped = false
    }

    private let listener: Int32
    private let state = Mutex(State())
    private let accepting = DispatchQueue(label: "scripted HTTP server")

    /// Listens on a free loopback port and runs the script for each connection.
    ///
    /// - Parameter host: `127.0.0.1` or `[::1]`.
    /// - Throws: ``SocketError``.
    public init(host: String = "127.0.0.1", port: Int = 0, _ script: @escaping Script) throws {
        self.host = host
        (listener, self.port) = try Socket.listen(host: host, port: port)
        accept(script)
    }

    /// The URL of a path of this server.
    public func url(_ path: String = "/mcp") -> String { "http://\(host):\(port)\(path)" }

    /// The requests of all connections so far, in the order in which scripts read them.
    public var requests: [ScriptedHTTPRequest] { state.withLock { $0.requests } }

    /// The number of connections so far.
    public var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Waits until that many requests were read.
    ///
    /// Give the test a time limit.
    public func requests(_ count: Int) async -> [ScriptedHTTPRequest] {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.requests.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        return requests
    }

    /// Stops listening and cuts open connections.
    public func stop() {
        let before = state.withLock { state in
            defer { state.isStopped = true }
            return state
        }
        guard !before.isStopped else { return }
        Socket.shut(listener)
        for task in before.tasks { task.cancel() }
        for connection in before.connections { connection.close() }
        // After accept returns, so that the descriptor is not reused while it is in use.
        accepting.async { [listener] in Socket.close(listener) }
    }

    deinit {
        stop()
    }

    private func accept(_ script: @escaping Script) {
        accepting.async { [weak self, listener] in
            while let descriptor = Socket.accept(listener) {
                let connection = ScriptedHTTPConnection(descriptor) { [weak self] in self?.note($0) }
                guard let self, self.add(connection) else { return connection.close() }
                let task = Task {
                    do {
                        try await script(connection)
                    } catch {
                        // The client disconnected, or the script stopped.
                    }
                    connection.close()
                }
                self.state.withLock { $0.tasks.append(task) }
            }
        }
    }

    private func add(_ connection: ScriptedHTTPConnection) -> Bool {
        state.withLock { state in
            if !state.isStopped { state.connections.append(connection) }
            return !state.isStopped
        }
    }

    private func note(_ request: ScriptedHTTPRequest) {
        let due = state.withLock { state in
            state.requests.append(request)
            let due = state.waiting.filter { $0.count <= state.requests.count }
            state.waiting.removeAll { $0.count <= state.requests.count }
            return due
        }
        for waiter in due { waiter.continuation.resume() }
    }
}

/// A request as received.
public struct ScriptedHTTPRequest: Sendable {
    /// The method.
    public var method: String
    /// The target as sent: a path, or for proxies a whole URL or an authority.
    public var target: String
    /// The fields in the order and with the names of the wire.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// The values of a field; case is ignored.
    public func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The first value of a field; case is ignored.
    public subscript(name: String) -> String? { values(name).first }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

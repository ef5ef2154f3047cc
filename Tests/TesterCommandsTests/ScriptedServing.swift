import MCPHTTPServer
import MCPTransport
import Synchronization

/// What serves hosts over HTTP in a test: says that it listens, and serves nobody until it is stopped.
final class ScriptedServing: ServerTransport {
    /// What was asked for.
    let options: HTTPServerOptions
    private let onListening: @Sendable (_ url: String) -> Void
    private let failure: (any Error)?

    init(
        _ options: HTTPServerOptions,
        failure: (any Error)? = nil,
        _ onListening: @escaping @Sendable (_ url: String) -> Void
    ) {
        self.options = options
        self.failure = failure
        self.onListening = onListening
    }

    func serve(_ makeConversation: @escaping MakeConversation) async throws {
        if let failure { throw failure }
        onListening("http://\(options.host):\(options.port)\(options.path)")
    }
}

/// Keeps what commands asked to serve.
final class Served: Sendable {
    private let state = Mutex<[HTTPServerOptions]>([])

    var all: [HTTPServerOptions] { state.withLock { $0 } }

    func add(_ options: HTTPServerOptions) {
        state.withLock { $0.append(options) }
    }
}

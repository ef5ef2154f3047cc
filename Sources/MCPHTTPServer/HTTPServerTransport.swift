public import JSONRPC
public import MCPTransport

/// Serves hosts over HTTP.
public final class HTTPServerTransport: ServerTransport {
    /// Where the server listens, once it does.
    public struct Listening: Sendable {
        /// The URL of the endpoint.
        public var url: String
        /// The port.
        public var port: Int
    }

    private let options: HTTPServerOptions
    private let scheduler: any Scheduler
    private let onListening: @Sendable (Listening) -> Void

    /// Creates a server; call ``serve(_:)`` once.
    public init(
        _ options: HTTPServerOptions,
        scheduler: any Scheduler,
        onListening: @escaping @Sendable (Listening) -> Void = { _ in }
    ) {
        self.options = options
        self.scheduler = scheduler
        self.onListening = onListening
    }

    /// Serves until the task is cancelled, then ends gracefully.
    public func serve(_ makeConversation: @escaping MakeConversation) async throws {}
}

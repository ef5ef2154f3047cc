public import AsyncRuntime
public import MCPTransport

/// Serves hosts over HTTP, on one of the event loops that swift-nio shares in a process.
///
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP"; 2024-11-05, "HTTP with SSE".
public final class HTTPServerTransport: ServerTransport {
    /// Where the server listens.
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

    /// Serves until the task is cancelled, then stops gracefully.
    ///
    /// Running requests have ``HTTPServerLimits/shutdown`` to finish. After that all conversations are cancelled, and their end
    /// is awaited.
    ///
    /// - Throws: ``ListenFailure`` if the address is not available.
    public func serve(_ makeConversation: @escaping MakeConversation) async throws {
        let shutdownTasks = ShutdownTasks()
        let listener = try await HTTPListener.open(options, scheduler: scheduler, shutdownTasks: shutdownTasks) {
            context in
            switch context.options.kind {
            case .streamableHTTP: StreamableEndpoint(context, makeConversation)
            case .sse: EventStreamEndpoint(context, makeConversation)
            }
        }
        // What ends a conversation must complete although this task is cancelled; it is awaited below.
        let shutdown = Task { await shutdownTasks.run() }
        onListening(Listening(url: listener.url, port: listener.port))
        await listener.waitUntilCancelled()
        try await listener.stop()
        shutdownTasks.finish()
        await shutdown.value
    }
}

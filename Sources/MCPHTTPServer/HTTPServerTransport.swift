public import AsyncRuntime
public import MCPTransport
import NIOCore
import NIOHTTP1
import NIOPosix

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
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shutdownTasks = ShutdownTasks()
        let service = try await loop.submit { [options, scheduler] in
            let context = ServerContext(
                options,
                on: loop,
                scheduler: scheduler,
                shutdownTasks: shutdownTasks,
                makeConversation
            )
            return NIOLoopBound(HTTPService(context), eventLoop: loop)
        }.get()
        let listener = try await listen(service)
        let port = listener.localAddress?.port ?? options.port
        try await service.perform { $0.start(at: port) }
        // What ends a conversation must complete although this task is cancelled; it is awaited below.
        let shutdown = Task { await shutdownTasks.run() }
        onListening(Listening(url: "http://\(HostNames.bracketed(options.host)):\(port)\(options.path)", port: port))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                listener.closeFuture.whenComplete { _ in continuation.resume() }
            }
        } onCancel: {
            listener.close(promise: nil)
        }
        try await stop(service)
        shutdownTasks.finish()
        await shutdown.value
    }

    private func stop(_ service: NIOLoopBound<HTTPService>) async throws {
        let allClosed = try await service.perform { $0.beginStopping() }
        let deadline = scheduler.schedule(at: scheduler.now.advanced(by: options.limits.shutdown)) {
            service.eventLoop.execute { service.value.abort() }
        }
        await allClosed.wait()
        deadline.cancel()
        try await service.perform { $0.closeConversations() }
    }

    // MARK: - Listening

    private func listen(_ service: NIOLoopBound<HTTPService>) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: service.eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let throttle = AcceptThrottle(service.value.scheduler)
                    service.value.connections.onClose = { throttle.resume() }
                    try channel.pipeline.syncOperations.addHandler(throttle)
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.configure(channel, service.value) }
            }
        do {
            return try await bootstrap.bind(host: options.host, port: options.port).get()
        } catch let error as IOError {
            throw ListenFailure(host: options.host, port: options.port, reason: "\(error)")
        } catch let error as SocketAddressError {
            throw ListenFailure(host: options.host, port: options.port, reason: "unknown address (\(error))")
        }
    }

    private static func configure(_ channel: any Channel, _ service: HTTPService) throws {
        guard !service.isStopping, let permit = service.connections.acquire() else { throw NotAccepted() }
        let handler = ConnectionHandler(service, permit: permit)
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = service.limits.headBytes
        limits.maxHeaderListSize = service.limits.headBytes
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false,
            withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits
        )
        try pipeline.addHandler(handler)
        service.connections.add(handler)
    }

    /// Closes a connection before anything is read from it.
    private struct NotAccepted: Error {}
}

extension NIOLoopBound {
    /// Calls a function with the value, on its loop.
    fileprivate func perform<Result: Sendable>(
        _ body: @escaping @Sendable (Value) -> Result
    ) async throws -> Result {
        try await eventLoop.submit { body(value) }.get()
    }
}

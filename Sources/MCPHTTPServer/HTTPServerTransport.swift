public import AsyncRuntime
import JSONRPC
public import MCPTransport
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves hosts over HTTP.
///
/// Connections live on the event loops that swift-nio shares in a process. A request is answered on the loop that read it
/// unless its handler waits for something.
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP"; 2024-11-05, "HTTP with SSE".
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
    ///
    /// Requests that run may take ``HTTPServerLimits/shutdown`` to be answered; then all conversations are cancelled, and
    /// their end is awaited.
    ///
    /// - Throws: ``ListenFailure`` if the address cannot be had.
    public func serve(_ makeConversation: @escaping MakeConversation) async throws {
        let endings = ShutdownTasks()
        let endpoint: any Endpoint =
            switch options.kind {
            case .streamableHTTP: StreamableEndpoint(options, scheduler, endings, makeConversation)
            case .sse: EventStreamEndpoint(options, endings, makeConversation)
            }
        let service = HTTPService(options, scheduler: scheduler, endpoint: endpoint)
        let listener = try await Self.listen(service)
        let port = listener.localAddress?.port ?? options.port
        service.open(at: port)
        // The end of a conversation takes its time also when we were cancelled; it is awaited below.
        let ending = Task { await endings.run() }
        onListening(Listening(url: "http://\(HostNames.bracketed(options.host)):\(port)\(options.path)", port: port))
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                listener.closeFuture.whenComplete { _ in continuation.resume() }
            }
        } onCancel: {
            listener.close(promise: nil)
        }
        await service.stop()
        endings.finish()
        await ending.value
    }

    private static func listen(_ service: HTTPService) async throws -> any Channel {
        let options = service.options
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.prepare(channel, service) }
            }
        do {
            return try await bootstrap.bind(host: options.host, port: options.port).get()
        } catch let error as IOError {
            throw ListenFailure(host: options.host, port: options.port, reason: "\(error)")
        } catch let error as SocketAddressError {
            throw ListenFailure(host: options.host, port: options.port, reason: "no such address (\(error))")
        }
    }

    private static func prepare(_ channel: any Channel, _ service: HTTPService) throws {
        guard let lease = service.connections.lease() else { throw TooManyConnections() }
        let handler = ConnectionHandler(service, lease: lease)
        var heads = NIOHTTPDecoderLimitConfiguration()
        heads.maxHeaderFieldSize = service.options.limits.headBytes
        heads.maxHeaderListSize = service.options.limits.headBytes
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false,
            withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: heads
        )
        try pipeline.addHandler(handler)
        service.connections.add(handler, channel)
    }

    /// Closes a connection before it begins.
    private struct TooManyConnections: Error {}
}

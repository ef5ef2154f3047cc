import AsyncRuntime
import NIOCore
import NIOHTTP1
import NIOPosix

/// An open server socket, on one of the event loops that swift-nio shares in a process, and what it serves.
struct HTTPListener: Sendable {
    /// The port, which the system chose if the options have 0.
    let port: Int

    private let options: HTTPServerOptions
    private let scheduler: any Scheduler
    private let service: NIOLoopBound<HTTPService>
    private let channel: any Channel

    /// The URL of what is served.
    var url: String { options.url(at: port) }

    /// Listens, and serves an endpoint.
    ///
    /// - Throws: ``ListenFailure`` if the address is not available.
    static func open(
        _ options: HTTPServerOptions,
        scheduler: any Scheduler,
        shutdownTasks: ShutdownTasks,
        _ makeEndpoint: @escaping @Sendable (ServerContext) -> any Endpoint
    ) async throws -> HTTPListener {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let service = try await loop.submit {
            let context = ServerContext(options, on: loop, scheduler: scheduler, shutdownTasks: shutdownTasks)
            return NIOLoopBound(HTTPService(context, makeEndpoint(context)), eventLoop: loop)
        }.get()
        let channel = try await bind(service, options)
        let port = channel.localAddress?.port ?? options.port
        try await service.perform { $0.start(at: port) }
        return HTTPListener(port: port, options: options, scheduler: scheduler, service: service, channel: channel)
    }

    /// Waits until the task is cancelled or the socket is closed, and closes it.
    func waitUntilCancelled() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                channel.closeFuture.whenComplete { _ in continuation.resume() }
            }
        } onCancel: {
            close()
        }
    }

    /// Accepts no more connections.
    func close() {
        channel.close(promise: nil)
    }

    /// Stops gracefully: running requests have ``HTTPServerLimits/shutdown`` to finish.
    func stop() async throws {
        let allClosed = try await service.perform { $0.beginStopping() }
        let deadline = scheduler.schedule(at: scheduler.now.advanced(by: options.limits.shutdown)) { [service] in
            service.eventLoop.execute { service.value.abort() }
        }
        await allClosed.wait()
        deadline.cancel()
        try await service.perform { $0.closeConversations() }
    }

    // MARK: - Listening

    private static func bind(
        _ service: NIOLoopBound<HTTPService>,
        _ options: HTTPServerOptions
    ) async throws -> any Channel {
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
                channel.eventLoop.makeCompletedFuture { try configure(channel, service.value) }
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

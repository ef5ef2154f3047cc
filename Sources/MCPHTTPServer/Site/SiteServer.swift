public import AsyncRuntime
import NIOHTTP1

/// Serves pages alone, with the check of `Host` that protects the transports.
public struct SiteServer: Sendable {
    private let listener: HTTPListener
    private let shutdownTasks: ShutdownTasks
    private let running: Task<Void, Never>

    /// The port.
    public var port: Int { listener.port }

    /// Listens and serves pages until ``stop()``.
    ///
    /// - Parameters:
    ///   - options: The address, and how the pages are made.
    /// - Throws: ``ListenFailure`` if the address is not available.
    public static func start(_ options: HTTPServerOptions, scheduler: any Scheduler) async throws -> SiteServer {
        let shutdownTasks = ShutdownTasks()
        let listener = try await HTTPListener.open(options, scheduler: scheduler, shutdownTasks: shutdownTasks) { _ in
            NoEndpoint()
        }
        // Ended by `stop`.
        let running = Task { await shutdownTasks.run() }
        return SiteServer(listener: listener, shutdownTasks: shutdownTasks, running: running)
    }

    /// Stops gracefully.
    public func stop() async {
        listener.close()
        do {
            try await listener.stop()
        } catch {
            // The event loops have ended, and the pages with them.
        }
        shutdownTasks.finish()
        await running.value
    }
}

/// Refuses what is not a page.
private final class NoEndpoint: Endpoint {
    static let methods = "GET, POST"

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        .refusal(.notFound, "there is nothing at \(head.path)")
    }

    func serve(_ request: HTTPRequest, _ writer: ResponseWriter) {
        writer.send(.refusal(.notFound, "there is nothing at \(request.head.path)"))
    }

    func closeConversations() {}
}

public import AsyncRuntime
import NIOHTTP1

/// Serves one page over HTTP, with the checks of `Host` and `Origin` that protect the transports.
public struct PageServer: Sendable {
    /// The content of the page at the moment of a request.
    public typealias Content = @Sendable () -> [UInt8]

    private let listener: HTTPListener

    /// The URL of the page.
    public var url: String { listener.url }
    /// The port.
    public var port: Int { listener.port }

    /// Listens and serves the page until ``stop()``.
    ///
    /// - Parameters:
    ///   - options: The address and who may use it; `kind` does not matter.
    ///   - contentType: The media type of the page.
    ///   - content: Makes the page; called on an event loop, so it must be fast.
    /// - Throws: ``ListenFailure`` if the address is not available.
    public static func start(
        _ options: HTTPServerOptions,
        scheduler: any Scheduler,
        contentType: String,
        content: @escaping Content
    ) async throws -> PageServer {
        let listener = try await HTTPListener.open(options, scheduler: scheduler, shutdownTasks: ShutdownTasks()) {
            PageEndpoint(path: $0.options.path, contentType: contentType, content: content)
        }
        return PageServer(listener: listener)
    }

    /// Stops gracefully.
    public func stop() async {
        listener.close()
        do {
            try await listener.stop()
        } catch {
            // The event loops have ended, and the page with them.
        }
    }
}

/// Returns one page to GET and HEAD.
private final class PageEndpoint: Endpoint {
    static let methods = "GET, HEAD"

    private let path: String
    private let contentType: String
    private let content: PageServer.Content

    init(path: String, contentType: String, content: @escaping PageServer.Content) {
        self.path = path
        self.contentType = contentType
        self.content = content
    }

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        guard head.path == path else {
            return .refusal(.notFound, "there is nothing at \(head.path); the page is \(path)")
        }
        guard head.method == .GET || head.method == .HEAD else {
            let reason = "the page does not support \(head.method)"
            return .refusal(.methodNotAllowed, reason, fields: [("Allow", Self.methods)])
        }
        return nil
    }

    func serve(_ request: HTTPRequest, _ writer: ResponseWriter) {
        let fields = [("Content-Type", contentType), HTTPResponse.noStore]
        writer.send(HTTPResponse(status: .ok, fields: fields, body: content()))
    }

    func closeConversations() {}
}

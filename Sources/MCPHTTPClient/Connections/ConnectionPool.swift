import AsyncHTTPClient
import AsyncRuntime
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL

/// The connections to one server, all on one event loop.
///
/// Exchanges, sessions and their streams are not `Sendable`: they live on ``loop``, and only tasks on the loop reach them.
final class ConnectionPool: Sendable {
    let loop: any EventLoop
    let target: HTTPTarget
    let scheduler: any Scheduler
    private let client: HTTPClient
    private let state: NIOLoopBoundBox<State>
    private let connection: NIOLoopBoundBox<ConnectionFacts?>

    private struct State {
        var url: HTTPURL
        /// Parsing a URL costs more than the rest of a request, and nearly all requests have the same one.
        var template: Template?
    }

    private struct Template {
        var method: HTTPMethod
        var url: HTTPURL
        var request: HTTPClient.Request
    }

    /// - Parameter address: The IP address at which the host of the URL is reached, instead of resolving its name.
    init(_ target: HTTPTarget, scheduler: any Scheduler, address: String? = nil) throws(TransportFailure) {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        self.target = target
        self.scheduler = scheduler
        state = .makeBoxSendingValue(State(url: target.url), eventLoop: loop)
        let connection = NIOLoopBoundBox<ConnectionFacts?>.makeEmptyBox(eventLoop: loop)
        self.connection = connection
        client = HTTPClient(
            eventLoopGroup: loop,
            configuration: try Self.configuration(for: target, at: address, writingTo: connection)
        )
    }

    private static func configuration(
        for target: HTTPTarget,
        at address: String?,
        writingTo connection: NIOLoopBoundBox<ConnectionFacts?>
    ) throws(TransportFailure) -> HTTPClient.Configuration {
        let limits = target.endpoint.limits
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try target.endpoint.tls.configuration(),
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(limits.connect.nanoseconds))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        if let address { configuration.dnsOverride = [target.url.host: address] }
        // Streams stay open for long, and other requests must not wait for them.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 10_000
        configuration.decompression = .enabled(limit: .size(limits.responseBytes))
        // Looking for a tracer costs as much as our own work on a small response.
        configuration.tracing.tracer = nil
        var forwardedOrigin: String?
        switch target.route {
        case .direct: break
        case .forward: forwardedOrigin = target.url.origin
        case .tunnel(let proxy):
            configuration.proxy = .server(
                host: proxy.host,
                port: proxy.port,
                authorization: proxy.userInformation.map { .basic(username: $0.user, password: $0.password) }
            )
        case .socks(let proxy): configuration.proxy = .socksServer(host: proxy.host, port: proxy.explicitPort ?? 1080)
        }
        configuration.http1_1ConnectionDebugInitializer = { [forwardedOrigin] channel in
            RequestWriteHandler.install(on: channel, forwardedOrigin: forwardedOrigin, writingTo: connection)
        }
        configuration.http2ConnectionDebugInitializer = { HTTP2ConnectionHandler.install(on: $0) }
        configuration.http2StreamChannelDebugInitializer = {
            HTTP2ConnectionHandler.countStream($0, writingTo: connection)
        }
        return configuration
    }

    /// The URL of the endpoint, or the one that a permanent redirect has led to.
    var url: HTTPURL { state.value.url }

    /// Replaces the URL of the endpoint, unless another redirect has done so.
    func move(from old: HTTPURL, to new: HTTPURL) {
        if state.value.url == old { state.value.url = new }
    }

    /// The connection that carries the request whose head is being sent.
    var currentConnection: ConnectionFacts? { connection.value }

    /// Starts a request.
    ///
    /// - Throws: An error of the client if the request cannot be sent, such as for a header value it rejects.
    func execute<Delegate: HTTPClientResponseDelegate>(
        _ planned: ExchangeRequest,
        delegate: Delegate
    ) throws -> HTTPClient.Task<Void> where Delegate.Response == Void {
        var request = try template(planned.method, planned.url)
        request.headers = planned.head.fields
        if case .forward(let proxy) = target.route {
            if !planned.head.fields.contains(name: "Host") {
                request.headers.add(name: "Host", value: planned.url.authority)
            }
            if let user = proxy.userInformation {
                request.headers.add(name: "Proxy-Authorization", value: user.basicCredentials)
            }
        }
        if let body = planned.body { request.body = .byteBuffer(ByteBuffer(bytes: body)) }
        return client.execute(request: request, delegate: delegate, eventLoop: .indifferent)
    }

    private func template(_ method: HTTPMethod, _ url: HTTPURL) throws -> HTTPClient.Request {
        if let known = state.value.template, known.method == method, known.url == url { return known.request }
        let text = if case .forward(let proxy) = target.route { proxy.origin + url.target } else { url.requestText }
        let request = try HTTPClient.Request(url: text, method: method)
        state.value.template = Template(method: method, url: url, request: request)
        return request
    }

    /// Runs an action on the loop after a delay, with an object of the loop.
    func schedule<Object>(
        after delay: Duration,
        on object: Object,
        _ action: @escaping @Sendable (Object) -> Void
    ) -> ScheduledAction {
        schedule(at: scheduler.now.advanced(by: delay), on: object, action)
    }

    /// Runs an action on the loop at a time, with an object of the loop.
    func schedule<Object>(
        at time: ContinuousClock.Instant,
        on object: Object,
        _ action: @escaping @Sendable (Object) -> Void
    ) -> ScheduledAction {
        let bound = NIOLoopBound(object, eventLoop: loop)
        return scheduler.schedule(at: time) { [loop] in loop.execute { action(bound.value) } }
    }

    /// Gets another token than the refused one, and runs an action on the loop with an object of the loop.
    func replaceToken<Object>(
        after refusal: AccessTokens.Refusal,
        for object: Object,
        _ action: @escaping @Sendable (Object, AccessTokens.Outcome) -> Void
    ) {
        let bound = NIOLoopBound(object, eventLoop: loop)
        guard let tokens = target.tokens else { return loop.execute { action(bound.value, .unrelated) } }
        tokens.replace(after: refusal) { [loop] outcome in loop.execute { action(bound.value, outcome) } }
    }

    /// Closes all connections, fails the exchanges that still run, and then calls back on the loop.
    func shutDown(_ completion: @escaping () -> Void) {
        // The client fails to shut down only if that has been done before.
        client.shutdown().hop(to: loop).assumeIsolated().whenComplete { _ in completion() }
    }

    /// Closes all connections and fails the exchanges that still run.
    func shutDown() async {
        do {
            try await client.shutdown().get()
        } catch {
            // It has been shut down before.
        }
    }
}

extension Duration {
    /// In whole nanoseconds; the largest number if they are more.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole + attoseconds / 1_000_000_000
    }
}

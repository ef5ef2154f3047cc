import AsyncHTTPClient
import AsyncRuntime
import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Platform
import Synchronization

/// The connections to one server: one pool on one event loop, so that nothing of an exchange changes its thread.
final class Wire: Sendable {
    let loop: any EventLoop
    let target: HTTPTarget
    let scheduler: any Scheduler
    private let client: HTTPClient
    private let lastConnection: LastConnection
    private let place: Mutex<HTTPURL>
    private let template = Mutex<(method: HTTPMethod, url: HTTPURL, request: HTTPClient.Request)?>(nil)

    init(_ target: HTTPTarget, scheduler: any Scheduler) throws(TransportFailure) {
        self.target = target
        self.scheduler = scheduler
        place = Mutex(target.url)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        self.loop = loop
        let lastConnection = LastConnection()
        self.lastConnection = lastConnection
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try target.endpoint.tls.configuration(),
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(target.endpoint.limits.connect.nanoseconds))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        // Streams stay open for long, and what is asked meanwhile must not wait for them.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 10_000
        configuration.decompression = .enabled(limit: .size(target.endpoint.limits.responseBytes))
        // Nobody here traces, and to ask costs as much as all of ours that happens to a small answer.
        configuration.tracing.tracer = nil
        var forwardedOrigin: String?
        switch target.route {
        case .direct: break
        case .forward: forwardedOrigin = target.url.origin
        case .tunnel(let proxy):
            let user = proxy.userInformation
            configuration.proxy = .server(
                host: proxy.host,
                port: proxy.port,
                authorization: user.map { .basic(username: $0.user, password: $0.password) }
            )
        case .socks(let proxy): configuration.proxy = .socksServer(host: proxy.host, port: proxy.explicitPort ?? 1080)
        }
        configuration.http1_1ConnectionDebugInitializer = { [forwardedOrigin] channel in
            ConnectionTap.install(on: channel, forwardedOrigin: forwardedOrigin, lastConnection)
        }
        configuration.http2ConnectionDebugInitializer = { SharedConnection.install(on: $0) }
        configuration.http2StreamChannelDebugInitializer = { SharedConnection.note(streamOf: $0, lastConnection) }
        client = HTTPClient(eventLoopGroup: loop, configuration: configuration)
    }

    /// Starts an exchange; what comes of it is told to the exchange.
    func start(_ exchange: HTTPExchange) {
        let plan = exchange.plan
        do {
            var request = try template(plan.method, plan.url)
            request.headers = plan.fields
            if case .forward(let proxy) = target.route {
                if !plan.fields.contains(name: "Host") { request.headers.add(name: "Host", value: plan.url.authority) }
                if let user = proxy.userInformation {
                    request.headers.add(name: "Proxy-Authorization", value: user.basicCredentials)
                }
            }
            if let body = plan.body { request.body = .byteBuffer(ByteBuffer(bytes: body)) }
            exchange.isRunning(as: client.execute(request: request, delegate: exchange, eventLoop: .indifferent))
        } catch {
            exchange.failed(TransportFailure(.usage, "the request cannot be made: \(error)"))
        }
    }

    /// Where the endpoint is: its URL, or where a redirect that holds has led from there.
    var url: HTTPURL {
        place.withLock { $0 }
    }

    /// Notes that what was asked for at one URL was had at another one.
    func moved(from old: HTTPURL, to new: HTTPURL) {
        place.withLock { if $0 == old { $0 = new } }
    }

    /// To be asked while the head of a request is being sent: the connection that it goes by.
    var connectionOfLastHead: ConnectionFacts? {
        lastConnection.value
    }

    /// Closes all connections; what still runs fails.
    func close() async {
        do {
            try await client.shutdown().get()
        } catch {
            // It was shut down before, which is as good.
        }
    }

    /// Reading a URL costs more than the rest of a request, and nearly all requests have the same one.
    private func template(_ method: HTTPMethod, _ url: HTTPURL) throws -> HTTPClient.Request {
        let known = template.withLock { $0 }
        if let known, known.method == method, known.url == url { return known.request }
        let text = if case .forward(let proxy) = target.route { proxy.origin + url.target } else { url.requestText }
        let request = try HTTPClient.Request(url: text, method: method)
        template.withLock { $0 = (method, url, request) }
        return request
    }
}

extension TLSChoice {
    fileprivate func configuration() throws(TransportFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verifies ? .fullVerification : .none
        if let authorities {
            do {
                configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authorities))]
            } catch {
                throw unreadable(authorities, error)
            }
        }
        return configuration
    }

    /// The library says only that it could not load them.
    private func unreadable(_ file: String, _ error: any Error) -> TransportFailure {
        let reason =
            access(file, R_OK) == 0
            ? "holds no certificate in PEM" : "cannot be read: \(String(cString: strerror(errno)))"
        return TransportFailure(
            .usage,
            "the file \(file) of --ca \(reason)",
            advice: "Give a file of certificates in PEM: it begins with -----BEGIN CERTIFICATE-----.",
            evidence: ["error": .string("\(error)")]
        )
    }
}

extension Duration {
    /// In nanoseconds, as far as that many can be counted.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole + attoseconds / 1_000_000_000
    }

    /// In milliseconds with parts of them.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

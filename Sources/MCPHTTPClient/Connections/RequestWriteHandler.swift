import NIOCore
import NIOHTTP1

/// What is known about the connection that carries a request.
struct ConnectionFacts: Sendable {
    /// When it was opened, including the TLS handshake.
    let opened: ContinuousClock.Instant
    /// The address of the peer.
    let remote: String?
    /// The number of requests on it so far, including this one.
    var requests = 0
}

/// Notes which connection carries each request, makes the target absolute for a forwarding proxy, and sends head and body
/// in one packet: the library flushes each of them.
final class RequestWriteHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let forwardedOrigin: String?
    private let current: NIOLoopBoundBox<ConnectionFacts?>
    private var facts: ConnectionFacts
    private var flushState = FlushState.immediate

    private enum FlushState {
        case immediate
        /// The head has been written, and a body follows.
        case awaitsBody
        /// The flush of the head is held until the body is written or the current tick ends.
        case held
    }

    private init(
        _ facts: ConnectionFacts,
        forwardedOrigin: String?,
        writingTo current: NIOLoopBoundBox<ConnectionFacts?>
    ) {
        self.facts = facts
        self.forwardedOrigin = forwardedOrigin
        self.current = current
    }

    static func install(
        on channel: any Channel,
        forwardedOrigin: String?,
        writingTo current: NIOLoopBoundBox<ConnectionFacts?>
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let facts = ConnectionFacts(opened: .now, remote: channel.remoteAddress?.text)
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self).handler
            let handler = RequestWriteHandler(facts, forwardedOrigin: forwardedOrigin, writingTo: current)
            try pipeline.addHandler(handler, position: .after(encoder))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        facts.requests += 1
        current.value = facts
        if head.headers.contains(name: "Content-Length") { flushState = .awaitsBody }
        guard let forwardedOrigin else { return context.write(data, promise: promise) }
        head.uri = forwardedOrigin + head.uri
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        guard case .awaitsBody = flushState else {
            flushState = .immediate
            return context.flush()
        }
        flushState = .held
        context.eventLoop.assumeIsolated().execute { [self] in
            guard case .held = flushState else { return }
            flushState = .immediate
            context.flush()
        }
    }
}

extension SocketAddress {
    /// Address and port as written in a URL; nil for addresses of other kinds.
    var text: String? {
        guard let ipAddress, let port else { return nil }
        return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
    }
}

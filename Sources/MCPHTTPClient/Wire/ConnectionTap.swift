import NIOCore
import NIOHTTP1
import Synchronization

/// What is known about the connection that a request went by.
struct ConnectionFacts: Sendable {
    /// When it was made, TLS included.
    let made: ContinuousClock.Instant
    /// The address at the other end.
    let remote: String?
    /// How many requests went by it, this one included.
    var requests = 0
}

/// The connection by which a head was sent last, on the one loop that all of them share.
final class LastConnection: Sendable {
    private let facts = Mutex<ConnectionFacts?>(nil)

    var value: ConnectionFacts? {
        get { facts.withLock { $0 } }
        set { facts.withLock { $0 = newValue } }
    }
}

/// Sees each head that is sent by a connection, makes whole URLs of targets for a proxy that forwards, and lets head and
/// body leave together: the library sends each by itself, which costs both ends a packet more.
final class ConnectionTap: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let forwardedOrigin: String?
    private let last: LastConnection
    private var facts: ConnectionFacts
    private var flush = Flush.none

    /// What becomes of the flush that follows a head.
    private enum Flush {
        /// Nothing is held back.
        case none
        /// A body follows the head that was written.
        case expectsBody
        /// The head waits for its body, or for the end of this tick.
        case isHeld
    }

    private init(_ facts: ConnectionFacts, forwardedOrigin: String?, _ last: LastConnection) {
        self.facts = facts
        self.forwardedOrigin = forwardedOrigin
        self.last = last
    }

    static func install(
        on channel: any Channel,
        forwardedOrigin: String?,
        _ last: LastConnection
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let facts = ConnectionFacts(made: .now, remote: channel.remoteAddress?.shown)
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self).handler
            let tap = ConnectionTap(facts, forwardedOrigin: forwardedOrigin, last)
            try pipeline.addHandler(tap, position: .after(encoder))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        facts.requests += 1
        last.value = facts
        if head.headers.contains(name: "Content-Length") { flush = .expectsBody }
        guard let forwardedOrigin else { return context.write(data, promise: promise) }
        head.uri = forwardedOrigin + head.uri
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        guard case .expectsBody = flush else {
            flush = .none
            return context.flush()
        }
        flush = .isHeld
        context.eventLoop.assumeIsolated().execute { [self] in
            guard case .isHeld = flush else { return }
            flush = .none
            context.flush()
        }
    }
}

extension SocketAddress {
    /// Address and port as they stand in a URL.
    var shown: String? {
        guard let ipAddress, let port else { return nil }
        return ipAddress.contains(":") ? "[\(ipAddress)]:\(port)" : "\(ipAddress):\(port)"
    }
}

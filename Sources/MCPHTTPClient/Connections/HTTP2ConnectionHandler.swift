import NIOCore

/// Keeps the facts of an HTTP/2 connection, whose streams carry many requests.
final class HTTP2ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = Any

    private var facts: ConnectionFacts

    private init(_ facts: ConnectionFacts) {
        self.facts = facts
    }

    static func install(on channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let facts = ConnectionFacts(opened: .now, remote: channel.remoteAddress?.text)
            try channel.pipeline.syncOperations.addHandler(HTTP2ConnectionHandler(facts))
        }
    }

    /// Counts a stream that is about to send its head.
    static func countStream(
        _ channel: any Channel,
        writingTo current: NIOLoopBoundBox<ConnectionFacts?>
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            guard let parent = channel.parent else { return }
            let connection = try parent.pipeline.syncOperations.handler(type: HTTP2ConnectionHandler.self)
            connection.facts.requests += 1
            current.value = connection.facts
        }
    }
}

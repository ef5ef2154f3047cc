import NIOCore

/// What is known about a connection of HTTP/2, which the streams of many requests share.
final class SharedConnection: ChannelInboundHandler {
    typealias InboundIn = Any

    private var facts: ConnectionFacts

    private init(_ facts: ConnectionFacts) {
        self.facts = facts
    }

    /// Notes a connection that has just been made.
    static func install(on channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let facts = ConnectionFacts(made: .now, remote: channel.remoteAddress?.shown)
            try channel.pipeline.syncOperations.addHandler(SharedConnection(facts))
        }
    }

    /// Counts a stream that is about to send its head.
    static func note(streamOf channel: any Channel, _ last: LastConnection) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            guard let parent = channel.parent else { return }
            let connection = try parent.pipeline.syncOperations.handler(type: SharedConnection.self)
            connection.facts.requests += 1
            last.value = connection.facts
        }
    }
}

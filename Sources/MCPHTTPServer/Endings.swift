import MCPTransport

/// The conversations that come to their end: each is ended, and its end awaited before the server has ended.
final class Endings: Sendable {
    private struct Ending {
        let conversation: any ServerConversation
        let isInGoodOrder: Bool
    }

    private let stream: AsyncStream<Ending>
    private let continuation: AsyncStream<Ending>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Ends a conversation, from any thread.
    ///
    /// - Parameter isInGoodOrder: The host is still there: what it asked is answered. Otherwise it is cancelled.
    func add(_ conversation: any ServerConversation, inGoodOrder isInGoodOrder: Bool = false) {
        continuation.yield(Ending(conversation: conversation, isInGoodOrder: isInGoodOrder))
    }

    /// No more will come.
    func finish() {
        continuation.finish()
    }

    /// Ends what comes, side by side, until there is no more.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await ending in stream {
                group.addTask {
                    if ending.isInGoodOrder {
                        await ending.conversation.finish()
                    } else {
                        await ending.conversation.cancel()
                    }
                }
            }
        }
    }
}

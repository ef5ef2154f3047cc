import MCPTransport

/// The conversations whose host is gone: each is cancelled, and its end awaited before the server has ended.
final class Endings: Sendable {
    private let stream: AsyncStream<any ServerConversation>
    private let continuation: AsyncStream<any ServerConversation>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Ends a conversation, from any thread.
    func add(_ conversation: any ServerConversation) {
        continuation.yield(conversation)
    }

    /// No more will come.
    func finish() {
        continuation.finish()
    }

    /// Ends what comes, side by side, until there is no more.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await conversation in stream {
                group.addTask { await conversation.cancel() }
            }
        }
    }
}

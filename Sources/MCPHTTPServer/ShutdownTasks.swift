import MCPTransport

/// The ends of conversations: each is brought about beside the others, and awaited before the server has ended.
final class ShutdownTasks: Sendable {
    private let stream: AsyncStream<@Sendable () async -> Void>
    private let continuation: AsyncStream<@Sendable () async -> Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Ends a conversation whose host is gone, from any thread.
    func add(_ conversation: any ServerConversation) {
        add { await conversation.cancel() }
    }

    /// Does what ends a conversation, from any thread.
    func add(_ ending: @escaping @Sendable () async -> Void) {
        continuation.yield(ending)
    }

    /// No more will come.
    func finish() {
        continuation.finish()
    }

    /// Ends what comes, side by side, until there is no more.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await ending in stream { group.addTask { await ending() } }
        }
    }
}

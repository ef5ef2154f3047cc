import MCPTransport

/// Runs what ends conversations, concurrently, so that the server can await all of it before it returns.
final class ShutdownTasks: Sendable {
    private let stream: AsyncStream<@Sendable () async -> Void>
    private let continuation: AsyncStream<@Sendable () async -> Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Cancels a conversation whose host has left.
    func cancel(_ conversation: any ServerConversation) {
        add { await conversation.cancel() }
    }

    func add(_ operation: @escaping @Sendable () async -> Void) {
        continuation.yield(operation)
    }

    /// Lets ``run()`` return once everything that was added has completed.
    func finish() {
        continuation.finish()
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await operation in stream { group.addTask { await operation() } }
        }
    }
}

package import AsyncRuntime
import ChildProcesses
public import MCPTransport
import Synchronization

/// The host on our own standard input and output: one conversation for the life of the process.
///
/// Nothing but the protocol goes to standard output. At the end of input what came is still answered, within a bound.
///
/// Source: transports, "stdio", all revisions.
public final class StdioServerTransport: ServerTransport {
    /// How long requests that came before the end of input may still take.
    private let drain: Duration
    private let loop: PollLoop

    /// Creates the transport; call ``serve(_:)`` once.
    public convenience init(drain: Duration = .seconds(10)) {
        self.init(drain: drain, loop: .shared)
    }

    package init(drain: Duration, loop: PollLoop) {
        self.drain = drain
        self.loop = loop
    }

    /// How the input or the output came to its end.
    private enum Ending: Sendable {
        case inputEnded
        case outputBroken
    }

    /// Serves until the input ends, the output breaks or the task is cancelled.
    public func serve(_ makeConversation: @escaping MakeConversation) async throws {
        let endings = AsyncStream<Ending>.makeStream()
        let wire = Wire()
        let streams = StandardStreams(
            on: loop,
            onLine: { line in
                guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
                wire.conversation?.received(line.bytes)
            },
            onEnd: { endings.continuation.yield(.inputEnded) },
            onBroken: { _ in endings.continuation.yield(.outputBroken) }
        )
        let conversation = makeConversation(.frames { bytes in streams.writeLine(bytes) })
        wire.start(conversation)
        streams.start()
        var iterator = endings.stream.makeAsyncIterator()
        let ending = await iterator.next()
        if case .inputEnded? = ending { await finish(conversation) }
        await conversation.cancel()
        _ = await streams.flushed()
    }

    /// Lets what was asked be answered, but not for ever.
    private func finish(_ conversation: any ServerConversation) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await conversation.finish() }
            group.addTask { [loop, drain] in
                await loop.wait(for: drain)
                if !Task.isCancelled { await conversation.cancel() }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Where lines go, which exists only once it can be answered.
    private final class Wire: Sendable {
        private let state = Mutex<(any ServerConversation)?>(nil)

        var conversation: (any ServerConversation)? { state.withLock { $0 } }

        func start(_ conversation: any ServerConversation) {
            state.withLock { $0 = conversation }
        }
    }
}

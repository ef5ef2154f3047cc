package import AsyncRuntime
import ChildProcesses
public import MCPTransport

/// The host on our own standard input and output: one conversation for the whole run of the process.
///
/// Only protocol messages go to standard output. Requests that came before the end of input still get their responses,
/// within a limit.
///
/// Source: transports, "stdio", all revisions.
public final class StdioServerTransport: ServerTransport {
    private enum End: Sendable {
        case inputEnded
        case outputClosed
    }

    private let drain: Duration
    private let loop: PollLoop
    private let input: Int32
    private let output: Int32

    /// How long requests may go on after the end of input, by default.
    ///
    /// A host that closes our input expects us to exit soon, with the servers that we started.
    public static let defaultDrain = Duration.seconds(1)

    /// Creates the transport; call ``serve(_:)`` once.
    ///
    /// - Parameter drain: how long requests that came before the end of input may still take before they are cancelled.
    public convenience init(drain: Duration = StdioServerTransport.defaultDrain) {
        self.init(drain: drain, loop: .shared)
    }

    package init(drain: Duration, loop: PollLoop, input: Int32 = 0, output: Int32 = 1) {
        self.drain = drain
        self.loop = loop
        self.input = input
        self.output = output
    }

    /// Serves until the input ends, the host no longer reads the output, or the task is cancelled; input that comes later is
    /// not read.
    public func serve(_ makeConversation: @escaping MakeConversation) async throws {
        let end = Latch<End>()
        let outputClosed = Latch<Void>()
        let streams = StandardStreams(input: input, output: output, on: loop) { _ in
            outputClosed.open()
            end.open(.outputClosed)
        }
        let conversation = makeConversation(.frames { bytes in streams.writeLine(bytes) })
        streams.start(
            onLine: { line in
                if !line.isBlank { conversation.received(line.bytes) }
            },
            onEnd: { end.open(.inputEnded) }
        )
        if case .inputEnded? = await end.waitUnlessCancelled() { await finish(conversation, unless: outputClosed) }
        await conversation.cancel()
        _ = await streams.flushed()
        await streams.stop()
    }

    /// Waits until all requests have their responses, the drain time is over or the host no longer reads.
    private func finish(_ conversation: any ServerConversation, unless outputClosed: Latch<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await conversation.finish() }
            group.addTask { [loop, drain] in
                await loop.wait(for: drain)
                await conversation.cancel()
            }
            group.addTask {
                await outputClosed.waitUnlessCancelled()
                await conversation.cancel()
            }
            await group.next()
            group.cancelAll()
        }
    }
}

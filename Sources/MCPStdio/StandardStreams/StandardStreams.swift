package import AsyncRuntime
package import ChildProcesses
import Platform

/// Our own standard input and output, read in lines and written without ever blocking the loop.
///
/// Both may be pipes, sockets, terminals, regular files or `/dev/null`, and may be shared with other processes: their
/// blocking mode is never changed. A host that does not read lets our output queue up and holds nothing else up.
package final class StandardStreams: Sendable {
    private let reader: LineReader
    private let writer: OutputWriter

    /// Creates the streams; nothing is read before ``start()``.
    ///
    /// - Parameters:
    ///   - input: the descriptor to read lines from; it is not closed.
    ///   - output: the descriptor to write to; it is not closed.
    ///   - lineLimit: the longest line that is delivered whole, in bytes.
    ///   - onLine: called on the loop with each line of input, in order.
    ///   - onEnd: called on the loop once, when the input has ended.
    ///   - onBroken: called once, by whoever flushes, with the `errno` value, when output can no longer be written: EPIPE where
    ///     the host closed its end.
    package init(
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO,
        on loop: PollLoop = .shared,
        lineLimit: Int = Line.defaultLimit,
        onLine: @escaping @Sendable (Line) -> Void,
        onEnd: @escaping @Sendable () -> Void,
        onBroken: @escaping @Sendable (Int32) -> Void = { _ in }
    ) {
        reader = LineReader(
            descriptor: input,
            loop: loop,
            buffer: LineBuffer(limit: lineLimit),
            onLine: onLine,
            onEnd: onEnd
        )
        writer = OutputWriter(sink: .forShared(output), loop: loop, onBroken: onBroken)
    }

    /// Begins to read.
    package func start() {
        reader.start()
    }

    /// Adds bytes to what goes out at the end of this tick; from any thread.
    package func write(_ bytes: [UInt8]) {
        writer.write(bytes)
    }

    /// Adds bytes and a line feed; a big message is not copied for it.
    package func writeLine(_ bytes: [UInt8]) {
        writer.writeLine(bytes)
    }

    /// The number of bytes that the host has not yet made room for.
    package var backlog: Int { writer.backlog }

    /// Waits until all that was written is out of our hands.
    ///
    /// Returns false where that took longer than the limit or the host went away.
    package func flushed(within limit: Duration = .seconds(2)) async -> Bool {
        await writer.flushed(within: limit)
    }
}

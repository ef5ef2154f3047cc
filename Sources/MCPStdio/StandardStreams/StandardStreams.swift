package import AsyncRuntime
package import ChildProcesses
import Platform

/// Our own standard input and output, read in lines and written without ever blocking the loop.
///
/// Both may be pipes, sockets, terminals, regular files or `/dev/null`, and other processes may share them: their
/// blocking mode is never changed. If a host does not read, our output is queued and nothing else waits for it.
package final class StandardStreams: Sendable {
    private let input: Int32
    private let lineLimit: Int
    private let loop: PollLoop
    private let writer: OutputWriter
    private let reader: LoopBound<LineReader?>

    /// Creates the streams; nothing is read before ``start(onLine:onEnd:)``.
    ///
    /// - Parameters:
    ///   - input: the descriptor to read lines from; it is not closed.
    ///   - output: the descriptor to write to; it is not closed.
    ///   - lineLimit: the longest line that is delivered whole, in bytes.
    ///   - onBroken: called on the loop once, with the `errno` value, when output can no longer be written: EPIPE if the
    ///     host closed its end.
    package init(
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO,
        on loop: PollLoop = .shared,
        lineLimit: Int = Line.defaultLimit,
        onBroken: @escaping @Sendable (Int32) -> Void = { _ in }
    ) {
        self.input = input
        self.lineLimit = lineLimit
        self.loop = loop
        writer = OutputWriter(sink: .forShared(output), loop: loop, onBroken: onBroken)
        reader = LoopBound(nil, on: loop)
    }

    /// Begins to read, and to watch for a host that closes its end of our output.
    ///
    /// Call this once.
    ///
    /// - Parameters:
    ///   - onLine: called on the loop with each line of input, in order.
    ///   - onEnd: called on the loop once, when the input has ended.
    package func start(onLine: @escaping @Sendable (Line) -> Void, onEnd: @escaping @Sendable () -> Void) {
        writer.watchForHangUp()
        let buffer = LineBuffer(limit: lineLimit)
        let reader = LineReader(descriptor: input, loop: loop, buffer: buffer, onLine: onLine, onEnd: onEnd)
        loop.addOrRun { [self] in
            self.reader.value = reader
            reader.resume()
        }
    }

    /// Reads no more, and no longer watches for a host that closes its end of our output.
    ///
    /// What others write to the input later is left for them to read. The descriptors may be closed when this returns and
    /// all output was flushed: until then, the loop would use whatever gets their numbers next.
    package func stop() async {
        let isStopped = Latch<Void>()
        loop.addOrRun { [self] in
            reader.value.take()?.pause()
            writer.endHangUpWatch()
            isStopped.open()
        }
        await isStopped.wait()
    }

    /// Adds bytes to what is written at the end of this tick; from any thread.
    package func write(_ bytes: [UInt8]) {
        writer.write(bytes)
    }

    /// Adds bytes and a line feed; a big message is not copied for it.
    package func writeLine(_ bytes: [UInt8]) {
        writer.writeLine(bytes)
    }

    /// Waits until the system has taken all that was written.
    ///
    /// Returns false if that took longer than the limit or the host went away.
    package func flushed(within limit: Duration = .seconds(2)) async -> Bool {
        await writer.flushed(within: limit)
    }
}

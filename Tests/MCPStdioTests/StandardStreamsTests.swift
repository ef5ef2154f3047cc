import ChildProcesses
import Foundation
import TestSupport
import Testing

@testable import AsyncRuntime
@testable import MCPStdio

struct StandardStreamsTests {
    private struct Observed {
        let streams: StandardStreams
        let lines = Recorder<String>()
        let ends = Recorder<Bool>()
        let failures = Recorder<Int32>()

        init(input: Int32, output: Int32) {
            streams = StandardStreams(input: input, output: output) { [failures] in failures.append($0) }
            streams.start(
                onLine: { [lines] in lines.append($0.text) },
                onEnd: { [ends] in ends.append(true) }
            )
        }
    }

    private static let devNull = open("/dev/null", O_RDWR | O_CLOEXEC)

    private func socketPair() throws -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
        let kind = SOCK_STREAM
        #else
        let kind = Int32(SOCK_STREAM.rawValue)
        #endif
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    /// Reads all that comes until the writer is gone or the count is reached.
    private func readAll(_ descriptor: Int32, count: Int) async -> [UInt8] {
        await onThread {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while bytes.count < count {
                let got = read(descriptor, &piece, piece.count)
                guard got > 0 else { break }
                bytes += piece[..<got]
            }
            return bytes
        }
    }

    @Test("The lines of a pipe come in order, and then its end")
    func pipeLines() async throws {
        let pipe = try Pipe.open()
        defer { close(pipe.readEnd) }
        let observed = Observed(input: pipe.readEnd, output: Self.devNull)
        #expect(write(pipe.writeEnd, "one\ntw", 6) == 6)
        #expect(await observed.lines.wait(count: 1) == ["one"])
        #expect(write(pipe.writeEnd, "o\nthree", 7) == 7)
        close(pipe.writeEnd)
        _ = await observed.ends.wait(count: 1)
        #expect(observed.lines.values == ["one", "two", "three"])
    }

    @Test("A regular file is read to its end")
    func regularFile() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("input-\(UUID())").path
        let numbers = (0..<50_000).map(String.init)
        try Data((numbers.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
        let descriptor = open(path, O_RDONLY)
        defer {
            close(descriptor)
            unlink(path)
        }
        let observed = Observed(input: descriptor, output: Self.devNull)
        _ = await observed.ends.wait(count: 1)
        #expect(observed.lines.values == numbers)
    }

    @Test("/dev/null is at its end at once")
    func devNull() async {
        let observed = Observed(input: Self.devNull, output: Self.devNull)
        _ = await observed.ends.wait(count: 1)
        #expect(observed.lines.values.isEmpty)
    }

    @Test("A big response is written whole to a pipe, a socket and a file")
    func bigOutput() async throws {
        let answer = Array(String(repeating: "a pattern of 31 bytes, line feed\n", count: 50_000).utf8)
        let pipe = try Pipe.open()
        let sockets = try socketPair()
        for (ours, theirs) in [(pipe.writeEnd, pipe.readEnd), (sockets.ours, sockets.theirs)] {
            let observed = Observed(input: Self.devNull, output: ours)
            observed.streams.write(answer)
            #expect(await readAll(theirs, count: answer.count) == answer)
            #expect(await observed.streams.flushed())
            await observed.streams.stop()
        }
        for descriptor in [pipe.readEnd, pipe.writeEnd, sockets.ours, sockets.theirs] {
            close(descriptor)
        }

        let path = FileManager.default.temporaryDirectory.appendingPathComponent("output-\(UUID())").path
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer {
            close(descriptor)
            unlink(path)
        }
        let observed = Observed(input: Self.devNull, output: descriptor)
        observed.streams.write(answer)
        #expect(await observed.streams.flushed())
        await observed.streams.stop()
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: path))) == answer)
    }

    @Test("A host that does not read holds up nothing, and the mode of its descriptors stays")
    func hostDoesNotRead() async throws {
        let pipe = try Pipe.open()
        let sockets = try socketPair()
        for (ours, theirs) in [(pipe.writeEnd, pipe.readEnd), (sockets.ours, sockets.theirs)] {
            let observed = Observed(input: Self.devNull, output: ours)
            observed.streams.write([UInt8](repeating: 0x20, count: 4 << 20))
            #expect(await observed.streams.flushed(within: .milliseconds(20)) == false)
            #expect(fcntl(ours, F_GETFL) & O_NONBLOCK == 0)
            close(theirs)
            #expect(await observed.failures.wait(count: 1).count == 1)
            #expect(await observed.streams.flushed() == false)
            close(ours)
        }
    }

    @Test("A host that closes its end of our output is noticed while nothing is written")
    func closedOutputIsNoticed() async throws {
        let input = try Pipe.open()
        defer { input.closeBoth() }
        let pipe = try Pipe.open()
        let sockets = try socketPair()
        for (ours, theirs) in [(pipe.writeEnd, pipe.readEnd), (sockets.ours, sockets.theirs)] {
            let observed = Observed(input: input.readEnd, output: ours)
            observed.streams.write([0x61])
            #expect(await observed.streams.flushed())
            #expect(observed.failures.values.isEmpty)
            close(theirs)
            #expect(await observed.failures.wait(count: 1) == [EPIPE])
            #expect(observed.ends.values.isEmpty)
            await observed.streams.stop()
            close(ours)
        }
    }

    @Test("If an open file cannot be opened again, paced writes arrive whole")
    func pacedWrites() async throws {
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        let writer = OutputWriter(sink: .paced(pipe.writeEnd), loop: .shared)
        let answer = [UInt8](repeating: 0x61, count: 300_000)
        writer.write(answer)
        #expect(await writer.flushed(within: .milliseconds(20)) == false)
        #expect(await readAll(pipe.readEnd, count: answer.count) == answer)
        #expect(await writer.flushed(within: .seconds(60)))
    }

    @Test("Output that waits at the end is written before the program exits")
    func flushedAtExit() async throws {
        let result = try await #require(
            processExitsWith: .exitCode(0),
            observing: [\.standardOutputContent]
        ) {
            let loop = try PollLoop()
            // As `runMain` does, but with time for a reader that shares a busy machine with many tests.
            exit(
                loop.run(flushLimit: .seconds(60)) {
                    let streams = StandardStreams(on: loop)
                    streams.write([UInt8](repeating: 0x7A, count: 500_000))
                    return 0
                }
            )
        }
        #expect(result.standardOutputContent.filter { $0 == 0x7A }.count == 500_000)
    }
}

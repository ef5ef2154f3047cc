import Foundation
import Testing

@testable import AsyncRuntime
@testable import ChildProcesses

struct LineBufferTests {
    private let instant = ContinuousClock.now

    /// Feeds a stream in pieces of the given size and returns all lines, the unterminated last one included.
    private func lines(_ stream: [UInt8], piece: Int, limit: Int = 1000, keptOfCut: Int = 4) -> [Line] {
        var buffer = LineBuffer(limit: limit, keptOfCut: keptOfCut)
        var lines: [Line] = []
        for start in stride(from: 0, to: stream.count, by: piece) {
            buffer.append(stream[start..<min(start + piece, stream.count)])
            while let line = buffer.next(at: instant) {
                lines.append(line)
            }
        }
        if let last = buffer.finish(at: instant) {
            lines.append(last)
        }
        #expect(buffer.partial.isEmpty)
        return lines
    }

    private func line(_ text: String, isTerminated: Bool = true) -> Line {
        Line(bytes: Array(text.utf8), isTerminated: isTerminated, receivedAt: instant)
    }

    @Test("Lines do not depend on the pieces in which the stream arrives", arguments: [1, 2, 3, 5, 1000])
    func pieces(piece: Int) {
        let stream = Array("first\n\nthird\r\n\u{2028}fifth\nlast".utf8)
        let expected = [
            line("first"), line(""), line("third\r"), line("\u{2028}fifth"), line("last", isTerminated: false),
        ]
        #expect(lines(stream, piece: piece) == expected)
    }

    @Test("Bytes that are not UTF-8 stay as they are", arguments: [1, 7, 1000])
    func invalidUTF8(piece: Int) {
        let stream: [UInt8] = [0xFF, 0x00, 0xC3, 0x0A, 0x85, 0x0D, 0x0A]
        #expect(lines(stream, piece: piece).map(\.bytes) == [[0xFF, 0x00, 0xC3], [0x85, 0x0D]])
    }

    @Test("A stream that ends with a line feed has no partial last line")
    func endsWithLineFeed() {
        #expect(lines(Array("one\n".utf8), piece: 1) == [line("one")])
        #expect(lines([], piece: 1).isEmpty)
    }

    @Test("A line over the limit is cut and counted, and the next one is whole", arguments: [1, 2, 3, 9, 10, 11, 1000])
    func lineOverLimit(piece: Int) {
        let stream = Array("0123456789\n01234567890\nnext\n01234567890123".utf8)
        let found = lines(stream, piece: piece, limit: 10)
        #expect(found.map(\.text) == ["0123456789", "0123", "next", "0123"])
        #expect(found.map(\.byteCount) == [10, 11, 4, 14])
        #expect(found.map(\.isCut) == [false, true, false, true])
        #expect(found.map(\.isTerminated) == [true, true, true, false])
    }

    @Test("Long lines among short ones arrive whole")
    func longLines() {
        let long = String(repeating: "x", count: 200_000)
        let texts = [long, "short", long + "y", "", long, "end"]
        let stream = Array((texts.joined(separator: "\n") + "\n").utf8)
        #expect(lines(stream, piece: 65_536, limit: 1 << 20).map(\.text) == texts)
    }

    @Test("The beginning of an unfinished line can be read")
    func partialLine() {
        var buffer = LineBuffer()
        buffer.append(Array("done\nPassword: ".utf8))
        #expect(buffer.next(at: instant)?.text == "done")
        #expect(buffer.next(at: instant) == nil)
        #expect(String(decoding: buffer.partial, as: UTF8.self) == "Password: ")
    }

    @Test("A read distinguishes bytes, nothing yet, the end and an error")
    func readOutcomes() throws {
        let pipe = try Pipe.open()
        defer { close(pipe.readEnd) }
        makeNonBlocking(pipe.readEnd)
        var buffer = LineBuffer()
        #expect(buffer.fill(from: pipe.readEnd) == .nothingYet)
        #expect(write(pipe.writeEnd, "ab\ncd", 5) == 5)
        #expect(buffer.fill(from: pipe.readEnd) == .bytes(5))
        close(pipe.writeEnd)
        // A child that another test starts meanwhile holds the other end, too, until it runs its own program.
        var request = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
        #expect(poll(&request, 1, -1) == 1)
        #expect(buffer.fill(from: pipe.readEnd) == .end)
        #expect(buffer.next(at: instant) == line("ab"))
        #expect(buffer.fill(from: -1) == .failed(EBADF))
        #expect(buffer.finish(at: instant) == line("cd", isTerminated: false))
    }
}

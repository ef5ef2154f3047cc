import AsyncRuntime
import Foundation
import TestSupport
import Testing

@testable import MCPStdio

struct BlockingOutputTests {
    private static let much = [UInt8](repeating: 0x61, count: 1 << 20)

    private func write(
        _ bytes: [UInt8] = much,
        to descriptor: Int32,
        within limit: Duration? = nil
    ) -> BlockingOutput.Outcome {
        bytes.withUnsafeBytes { BlockingOutput(descriptor).write($0, within: limit) }
    }

    @Test("Everything arrives even if the reader comes late")
    func lateReader() async throws {
        let pipe = try Pipe.open()
        async let received = onThread {
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1000)
            while case let count = read(pipe.readEnd, &piece, piece.count), count > 0 { bytes += piece[..<count] }
            return bytes
        }
        #expect(await onThread { write(to: pipe.writeEnd) } == .written)
        close(pipe.writeEnd)
        #expect(await received == Self.much)
        close(pipe.readEnd)
    }

    @Test("If nobody reads, the limit ends the wait")
    func nobodyReads() throws {
        let pipe = try Pipe.open()
        defer { pipe.closeBoth() }
        #expect(write(to: pipe.writeEnd, within: .milliseconds(20)) == .interrupted)
        // Others who share the pipe find it as it was.
        #expect(fcntl(pipe.writeEnd, F_GETFL) & O_NONBLOCK == 0)
    }

    @Test("A reader that went away ends the wait")
    func readerWentAway() throws {
        let pipe = try Pipe.open()
        close(pipe.readEnd)
        signal(SIGPIPE, SIG_IGN)
        #expect(write([0x61], to: pipe.writeEnd) == .failed(EPIPE))
        close(pipe.writeEnd)
    }

    @Test("A signal ends the wait")
    func signalEndsWait() async {
        await #expect(processExitsWith: .exitCode(0)) {
            PollLoop.runMain {
                do {
                    let pipe = try Pipe.open()
                    try PollLoop.shared.onSignal([SIGTERM]) { _ in }
                    // To the process: the thread of an exit test's body takes no signals.
                    kill(getpid(), SIGTERM)
                    let bytes = [UInt8](repeating: 0x61, count: 1 << 20)
                    return bytes.withUnsafeBytes { BlockingOutput(pipe.writeEnd).write($0) == .interrupted } ? 0 : 1
                } catch {
                    return 2
                }
            }
        }
    }
}

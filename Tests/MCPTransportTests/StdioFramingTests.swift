import ChildProcesses
import JSON
import MCPStdio
import MCPTransport
import TestSupport
import Testing

/// One line is one frame, in whatever pieces it arrives.
@Suite(.timeLimit(.minutes(15)))
struct StdioFramingTests {
    @Test func linesWrittenTogetherAreSeparateFrames() async throws {
        let frames = try await frames(of: #"printf '{"a":1}\n{"b":2}\n{"c":3}\n'"#)
        #expect(frames == [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#])
    }

    @Test func aLastLineWithoutALineFeedIsAFrame() async throws {
        #expect(try await frames(of: #"printf '{"a":1}\n{"b":2}'"#) == [#"{"a":1}"#, #"{"b":2}"#])
    }

    @Test func carriageReturnsAreWhitespaceOfTheFrame() async throws {
        let frames = try await frames(of: #"printf '{"a":1}\r\n\r\n{"b":2}\r\n'"#)
        #expect(try frames.map { try JSONValue(parsing: Array($0.utf8)) } == [["a": 1], ["b": 2]])
    }

    @Test func linesOfWhitespaceAreNotFrames() async throws {
        #expect(try await frames(of: #"printf '\n  \n{"a":1}\n\t\n'"#) == [#"{"a":1}"#])
    }

    @Test func aLineThatComesByteByByteIsOneFrame() async throws {
        // The text has characters of two, three and four bytes, each of which is cut.
        let text = #"{"text":"aü€😀"}"#
        let bytes = text.utf8.map { "printf '\\\(String($0, radix: 8))'" }.joined(separator: "; ")
        #expect(try await frames(of: "\(bytes); printf '\\n'") == [text])
    }

    @Test func noiseIsDeliveredUnchanged() async throws {
        #expect(try await frames(of: "echo '<html>'; echo '{}'") == ["<html>", "{}"])
    }

    @Test func anOrderlyExitIsReported() async throws {
        let receiver = try await receive(from: "cat >/dev/null & exit 0")
        #expect(receiver.ends.map(\.cause) == [.closedByServer])
    }

    @Test func aFailingServerIsReportedWithItsCodeAndStandardError() async throws {
        let receiver = try await receive(from: "echo 'no database' >&2; exit 3")
        #expect(receiver.ends.map(\.cause) == [.crashed])
        #expect(receiver.ends.first?.evidence["exit_code"] == 3)
        #expect(receiver.ends.first?.evidence["stderr_tail"] == ["no database"])
    }

    /// The frames that came from a shell script until it ended.
    private func frames(of script: String) async throws -> [String] {
        try await receive(from: script).inbox.frames.map { String(decoding: $0, as: UTF8.self) }
    }

    private func receive(from script: String) async throws -> RecordingReceiver {
        let receiver = RecordingReceiver()
        let transport = StdioClientTransport(.init(executable: "/bin/sh", arguments: ["-c", script]))
        try await transport.open(receiver)
        try await receiver.end.wait()
        _ = await transport.close()
        return receiver
    }
}

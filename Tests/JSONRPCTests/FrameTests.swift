import JSON
import JSONRPC
import Testing

struct FrameTests {
    @Test func aValidMessageHasNoOddities() {
        #expect(Self.frame(#"{"jsonrpc":"2.0","id":1,"method":"m"}"#).oddities.isEmpty)
    }

    @Test(arguments: [
        #"{"id":1,"method":"m"}"#, #"{"jsonrpc":"1.0","id":1,"method":"m"}"#, #"{"jsonrpc":2,"id":1,"method":"m"}"#,
    ])
    func aMissingOrWrongVersionIsAnOddity(text: String) {
        let frame = Self.frame(text)
        #expect(frame.oddities == [.version])
        #expect(frame.message?.request?.id == 1)
    }

    @Test func aRepeatedMemberIsAnOddityAndTheLastOneCounts() {
        let frame = Self.frame(#"{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}"#)
        #expect(frame.oddities == [.duplicateMember("method")])
        #expect(frame.message?.request?.method == "b")
    }

    @Test(arguments: ["hello", "{", #"{"a":}"#, "", "{} {}"])
    func bytesThatAreNotJSONAreNoise(text: String) {
        let frame = Self.frame(text)
        #expect(frame.message == nil)
        #expect(frame.bytes == Array(text.utf8))
    }

    @Test func aLoneSurrogateIsReplacedAndTheOriginalBytesAreKept() throws {
        let text = #"{"jsonrpc":"2.0","id":1,"result":{"t":"\ud83d!"}}"#
        let frame = Self.frame(text)
        guard case .response(let id, let result) = try #require(frame.message) else {
            Issue.record("it is no response")
            return
        }
        #expect(id == 1)
        #expect(result.value()["t"] == "\u{FFFD}!")
        #expect(frame.bytes == Array(text.utf8))
        #expect(frame.oddities.count == 1)
    }

    @Test func bytesThatAreNotUTF8AreReplacedAndNoted() throws {
        let bytes = Array(#"{"jsonrpc":"2.0","id":1,"method":"m"#.utf8) + [0xFF] + Array(#""}"#.utf8)
        let frame = Frame(received: bytes)
        #expect(frame.message?.request?.method == "m\u{FFFD}")
        #expect(frame.bytes == bytes)
        guard case .text(let error) = try #require(frame.oddities.first) else {
            Issue.record("the oddity is another one")
            return
        }
        #expect(error.kind == .invalidUTF8)
        #expect(error.offset == 35)
    }

    @Test func aMessageBeyondTheLimitsIsNoise() {
        let frame = Frame(received: Array(#"{"jsonrpc":"2.0","params":[[[]]]}"#.utf8), limits: JSONLimits(depth: 3))
        #expect(frame.message == nil)
    }

    private static func frame(_ text: String) -> Frame {
        Frame(received: Array(text.utf8))
    }
}

extension Frame {
    fileprivate var message: Message? {
        if case .message(let message) = content { message } else { nil }
    }
}

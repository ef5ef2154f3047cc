import MCPTransport
import Testing

@Suite struct TranscriptTests {
    private let began = ContinuousClock.now

    @Test func framesAreNumberedInOrderFromOne() {
        let transcript = Transcript(began: began)
        #expect(transcript.record(.sent, [1], at: began) == 1)
        #expect(transcript.record(.received, [2], at: began.advanced(by: .seconds(1))) == 2)
        let entries = transcript.entries
        #expect(entries.map(\.number) == [1, 2])
        #expect(entries.map(\.direction) == [.sent, .received])
        #expect(entries.map(\.time) == [.zero, .seconds(1)])
        #expect(entries.map(\.bytes) == [[1], [2]])
    }

    @Test func theOldestFramesAreDroppedBeyondTheLimitOfFrames() {
        let transcript = Transcript(began: began, entryLimit: 3)
        for number in 1...20 { transcript.record(.sent, [UInt8(number)], at: began) }
        #expect(transcript.entries.map(\.number) == [18, 19, 20])
        #expect(transcript.entries.map(\.bytes) == [[18], [19], [20]])
        #expect(transcript.count == 20)
    }

    @Test func theOldestFramesAreDroppedBeyondTheLimitOfBytes() {
        let transcript = Transcript(began: began, byteLimit: 40)
        for number in 1...10 { transcript.record(.sent, Array(repeating: UInt8(number), count: 10), at: began) }
        #expect(transcript.entries.map(\.number) == [7, 8, 9, 10])
        #expect(transcript.entries.reduce(0) { $0 + $1.bytes.count } == 40)
    }

    @Test func aLargeFrameKeepsItsBeginningAndItsLength() {
        let transcript = Transcript(began: began, byteLimit: 40)
        transcript.record(.received, Array(0..<100), at: began)
        #expect(transcript.entries.map(\.bytes) == [Array(0..<10)])
        #expect(transcript.entries.map(\.byteCount) == [100])
    }

    @Test func noiseIsKeptAfterItsFrameWasDropped() {
        let transcript = Transcript(began: began, entryLimit: 2)
        transcript.record(.received, Array("banner".utf8), at: began, isNoise: true)
        for _ in 1...5 { transcript.record(.sent, [0], at: began) }
        #expect(transcript.noise.count == 1)
        #expect(transcript.noise.first.map(\.number) == [1])
        #expect(transcript.noise.first.map(\.bytes) == [Array("banner".utf8)])
    }

    @Test func noiseIsCountedBeyondTheKeptFrames() {
        let transcript = Transcript(began: began)
        for _ in 1...200 { transcript.record(.received, [0x21], at: began, isNoise: true) }
        #expect(transcript.noise.first.count == 50)
        #expect(transcript.noise.count == 200)
    }

    @Test func remarksBelongToTheirFrame() {
        let transcript = Transcript(began: began)
        transcript.record(.received, [1], at: began, remarks: ["odd"])
        #expect(transcript.entries.map(\.remarks) == [["odd"]])
    }
}

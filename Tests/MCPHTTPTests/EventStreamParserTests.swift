import MCPHTTP
import Testing

@Suite
struct EventStreamParserTests {
    @Test(arguments: ["\n", "\r", "\r\n"])
    func everyKindOfLineBreakEndsALine(_ end: String) throws {
        let stream = ["event: ping", "id: 7", "data: one", "data: two", "", "data: three", "", ""].joined(
            separator: end
        )
        #expect(
            try read(stream) == [
                EventStreamEvent(type: "ping", data: Array("one\ntwo".utf8), lastEventID: "7"),
                EventStreamEvent(data: Array("three".utf8), lastEventID: "7"),
            ]
        )
    }

    @Test(arguments: Self.streams)
    func streamIsParsedTheSameInAnyPieces(_ stream: String) throws {
        let bytes = Array(stream.utf8)
        let whole = try read(stream)
        for cut in 0...bytes.count {
            #expect(try read([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
        #expect(try read(bytes.map { [$0] }) == whole, "byte by byte")
        for size in 2...5 {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(try read(pieces) == whole, "pieces of \(size)")
        }
    }

    @Test
    func randomEventsAreParsedWithAnyLineBreaksAndPieces() throws {
        for _ in 0..<300 {
            let events = (0..<Int.random(in: 1...6)).map { _ in Self.randomData() }
            var pieces: [[UInt8]] = [[]]
            for byte in Self.randomStream(of: events) {
                if Int.random(in: 0..<4) == 0 { pieces.append([]) }
                pieces[pieces.count - 1].append(byte)
            }
            #expect(try read(pieces).map(\.data) == events, "\(pieces)")
        }
    }

    @Test
    func unusualLinesFollowTheGrammar() throws {
        #expect(try texts("data\n\n") == [""], "a field without a colon has no value")
        #expect(try texts("data:\n\n") == [""])
        #expect(try texts("data:  x\n\n") == [" x"], "one leading space is dropped and no more")
        #expect(try texts("data:x\n\n") == ["x"])
        #expect(try texts("data: a: b\n\n") == ["a: b"])
        #expect(try texts("data\ndata\n\n") == ["\n"])
        #expect(try texts(" data: x\n\nDATA: x\n\ndatas: x\n\n") == [], "names are exact")
        #expect(try texts(":data: x\n:\n\n") == [], "comments are none")
        #expect(try texts("event: x\n\n") == [], "without data there is no event")
        #expect(try texts("\u{FEFF}data: x\n\n") == ["x"], "a byte order mark is no part of the first name")
        #expect(try texts("\u{FEFF}\u{FEFF}data: x\n\n") == [], "a second one is")
        #expect(try texts("data: \u{FEFF}\n\n") == ["\u{FEFF}"])
        #expect(try texts("data: x") == [], "an unfinished event is dropped")
        #expect(try texts("data: x\n") == [])
        #expect(try texts("\n\n\ndata: x\n\n\n\n") == ["x"])
        #expect(try read("event:\ndata: x\n\n").map(\.type) == ["message"])
    }

    @Test
    func idHoldsUntilTheNextOne() throws {
        let events = try read("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: 2\u{0}\ndata: d\n\n")
        #expect(events.map(\.lastEventID) == ["1", "1", "", ""], "an empty id takes it back; one with NUL is no id")
    }

    @Test
    func idTakesEffectWhenItsEventIsComplete() throws {
        var parser = EventStreamParser(limit: 1000)
        try parser.append(Array("id: 1\ndata:\n\nid: 2\ndata: x\n".utf8)) { #expect($0.data == []) }
        #expect(parser.lastEventID == "1")
        #expect(parser.isMidEvent)
        try parser.append(Array("\nid: 3\n\n".utf8)) { _ in }
        #expect(parser.lastEventID == "3", "also where there was no data to dispatch")
        #expect(!parser.isMidEvent)
    }

    @Test(arguments: [
        ("retry: 1500", 1500), ("retry:0", 0), ("retry: 15s", nil), ("retry: -1", nil), ("retry:", nil),
        ("retry: 99999999999999999999", .max), ("retry: ١", nil),
    ])
    func reconnectionDelayConsistsOfDigits(_ line: String, _ expected: Int?) throws {
        var parser = EventStreamParser(limit: 1000)
        try parser.append(Array("\(line)\n".utf8)) { _ in }
        #expect(parser.retry == expected)
    }

    @Test(arguments: [
        ("", false), ("data: x\n\n", false), ("data: x\n\n: comment", false), (": comment\n", false), ("data: x", true),
        ("data: x\n", true), ("data: x\r", true), ("id: 1\n", true), ("da", true), ("data: x\r\r", false),
    ])
    func streamThatEndsWithinAnEventIsDetected(_ stream: String, _ expected: Bool) throws {
        var parser = EventStreamParser(limit: 1000)
        try parser.append(Array(stream.utf8)) { _ in }
        #expect(parser.isMidEvent == expected)
    }

    @Test(arguments: [
        ["data: " + String(repeating: "x", count: 100) + "\n\n"], Array(repeating: "data: 0123456789\n", count: 10),
        Array(repeating: "x", count: 101), ["data: ", String(repeating: "x", count: 100)],
    ])
    func eventBeyondTheLimitIsRejected(_ pieces: [String]) {
        #expect(throws: EventStreamError.tooLarge(limit: 100)) {
            var parser = EventStreamParser(limit: 100)
            for piece in pieces { try parser.append(Array(piece.utf8)) { _ in } }
        }
    }

    @Test
    func limitAppliesToEachEvent() throws {
        let stream = String(repeating: "data: 0123456789\n\n", count: 100)
        #expect(try read([Array(stream.utf8)], limit: 20).count == 100)
    }

    @Test
    func writtenEventsAreParsedUnchanged() throws {
        let written =
            EventStreamWriter.event(type: "ping", data: Array("a\nb\r\nc".utf8), id: "4", retry: 10)
            + EventStreamWriter.comment("alive") + EventStreamWriter.event(data: [])
        #expect(
            try read([written]) == [
                EventStreamEvent(type: "ping", data: Array("a\nb\nc".utf8), lastEventID: "4"),
                EventStreamEvent(data: [], lastEventID: "4"),
            ]
        )
    }

    @Test
    func invalidUTF8IsPassedOnUnchanged() throws {
        let data: [UInt8] = [0xFF, 0x00, 0xC3, 0x28]
        #expect(try read([Array("data: ".utf8) + data + [0x0A, 0x0A]]).map(\.data) == [data])
    }

    private static let streams = [
        "\u{FEFF}data: ü 😀\r\n\r\n:c\r\nid: 1\r\ndata\r\n\r\nevent: e\rdata: 1\rdata: 2\r\rdata: last\n\nretry: 3\n\n",
        "\u{FEFF}", "\u{FF}data: x\n\n", "data: x\r\n\r\n\r\n\r\ndata: y\r\n\r\n", "id: 1\n\nid\n\ndata: z\n\n",
        "data: never finished",
    ]

    private static func randomData() -> [UInt8] {
        let parts = ["a", " ", ":", "\n", "ü", "😀", "data", "0"]
        return (0..<Int.random(in: 0...8)).flatMap { _ in Array((parts.randomElement() ?? "").utf8) }
    }

    private static func randomStream(of events: [[UInt8]]) -> [UInt8] {
        var stream: [UInt8] = Bool.random() ? [0xEF, 0xBB, 0xBF] : []
        func end() -> [UInt8] {
            let ends: [[UInt8]] = [[0x0A], [0x0D], [0x0D, 0x0A]]
            // A line feed right after a return would belong to it.
            return ends.filter { !(stream.last == 0x0D && $0 == [0x0A]) }.randomElement() ?? []
        }
        for event in events {
            for line in event.split(separator: 0x0A, omittingEmptySubsequences: false) {
                stream += Array((line.first == 0x20 || Bool.random() ? "data: " : "data:").utf8) + line
                stream += end()
                if Bool.random() { stream += Array(": comment".utf8) + end() }
            }
            stream += end()
        }
        return stream
    }

    private func texts(_ stream: String) throws -> [String] {
        try read(stream).map { String(decoding: $0.data, as: UTF8.self) }
    }

    private func read(_ stream: String) throws -> [EventStreamEvent] {
        try read([Array(stream.utf8)])
    }

    private func read(_ pieces: [[UInt8]], limit: Int = 1000) throws -> [EventStreamEvent] {
        var parser = EventStreamParser(limit: limit)
        var events: [EventStreamEvent] = []
        for piece in pieces { try parser.append(piece) { events.append($0) } }
        return events
    }
}

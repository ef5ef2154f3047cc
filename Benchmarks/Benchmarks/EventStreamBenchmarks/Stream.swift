import MCPHTTP

/// A stream as servers send it.
enum Stream {
    /// That many events, each with an id and a message, of that many bytes with all that belongs to them.
    static func bytes(events count: Int, ofBytes size: Int) -> [UInt8] {
        (0..<count).flatMap { number -> [UInt8] in
            let id = String(10_000 + number)
            let empty = EventStreamWriter.event(data: message(padding: 0), id: id)
            return EventStreamWriter.event(data: message(padding: size - empty.count), id: id)
        }
    }

    static func pieces(_ bytes: [UInt8], ofBytes size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    /// How many bytes of data the events have that the parser finds.
    static func count(in pieces: [[UInt8]]) throws -> Int {
        var parser = EventStreamParser(limit: 1 << 20)
        var count = 0
        for piece in pieces { try parser.append(piece) { count += $0.data.count } }
        return count
    }

    private static func message(padding: Int) -> [UInt8] {
        let head = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":""#
        return Array((head + String(repeating: "x", count: padding) + #""}}"#).utf8)
    }
}

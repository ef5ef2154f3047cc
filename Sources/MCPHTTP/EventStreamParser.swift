import Platform

/// Reads a stream of server-sent events in whatever pieces it comes.
///
/// Source: HTML Living Standard, "Server-sent events", "Parsing an event stream" and "Interpreting an event stream".
public struct EventStreamParser: Sendable {
    /// The id to come back with: that of the last event that was complete and had one; empty where a server took it back.
    public private(set) var lastEventID: String?
    /// After how many milliseconds the server wants us back when the stream ends.
    public private(set) var retry: Int?

    private let limit: Int
    private var bom = 0
    private var isAfterReturn = false
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []
    private var type: String?
    private var data: [UInt8] = []
    private var dataLines = 0
    private var id: String?
    private var hasFields = false

    /// Creates a parser that takes events up to that many bytes.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Tells whether the stream, if it ended here, would end in the middle of an event, which is then lost.
    public var isMidEvent: Bool {
        hasFields || !(line.isEmpty || line[0] == UInt8(ascii: ":"))
    }

    /// Reads the next piece, and hands over each event that it completes.
    ///
    /// - Throws: ``EventStreamError``, or what the closure throws; the parser is of no use after that.
    public mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ emit: (EventStreamEvent) throws -> Void
    ) throws {
        var position = skipMark(bytes)
        if isAfterReturn, position < bytes.count {
            if bytes[position] == Self.lineFeed { position += 1 }
            isAfterReturn = false
        }
        // Looked for once, not for each line: in a stream of carriage returns it may be far away.
        var feed = bytes.first(Self.lineFeed, from: position)
        while position < bytes.count {
            if let place = feed, place < position { feed = bytes.first(Self.lineFeed, from: position) }
            let end = bytes.first(Self.carriageReturn, from: position, to: feed ?? bytes.count) ?? feed
            guard let end else {
                try keep(bytes[position...])
                return
            }
            try take(bytes[position..<end], emit)
            position = end + 1
            if bytes[end] == Self.carriageReturn {
                if position == bytes.count {
                    isAfterReturn = true
                } else if bytes[position] == Self.lineFeed {
                    position += 1
                }
            }
        }
    }

    /// Reads the next piece, and hands over each event that it completes.
    ///
    /// - Throws: ``EventStreamError``, or what the closure throws; the parser is of no use after that.
    public mutating func append(_ bytes: [UInt8], _ emit: (EventStreamEvent) throws -> Void) throws {
        try bytes.withUnsafeBytes { try append($0, emit) }
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The first three bytes are thrown away if they are a byte order mark, and are else the beginning of a line.
    private mutating func skipMark(_ bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        while bom < Self.mark.count, position < bytes.count {
            guard bytes[position] == Self.mark[bom] else {
                line = Array(Self.mark[..<bom])
                bom = Self.mark.count
                return position
            }
            bom += 1
            position += 1
        }
        return position
    }
}

// MARK: - Lines

extension EventStreamParser {
    private mutating func keep(_ bytes: Slice<UnsafeRawBufferPointer>) throws {
        guard data.count + line.count + bytes.count <= limit else { throw EventStreamError.tooLarge(limit: limit) }
        line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes))
    }

    private mutating func take(
        _ bytes: Slice<UnsafeRawBufferPointer>,
        _ emit: (EventStreamEvent) throws -> Void
    ) throws {
        if line.isEmpty {
            try take(line: UnsafeRawBufferPointer(rebasing: bytes), emit)
        } else {
            try keep(bytes)
            let whole = line
            line = []
            try whole.withUnsafeBytes { try take(line: $0, emit) }
        }
    }

    private mutating func take(line: UnsafeRawBufferPointer, _ emit: (EventStreamEvent) throws -> Void) throws {
        guard !line.isEmpty else { return try dispatch(emit) }
        guard line[0] != UInt8(ascii: ":") else { return }
        hasFields = true
        let colon = line.first(UInt8(ascii: ":"), from: 0)
        let name = UnsafeRawBufferPointer(rebasing: line[..<(colon ?? line.count)])
        var value = UnsafeRawBufferPointer(rebasing: line[(colon.map { $0 + 1 } ?? line.count)...])
        if value.first == 0x20 { value = UnsafeRawBufferPointer(rebasing: value.dropFirst()) }
        if name.elementsEqual(Self.dataName) {
            try add(value)
        } else if name.elementsEqual(Self.eventName) {
            type = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual(Self.idName) {
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        } else if name.elementsEqual(Self.retryName) {
            take(retry: value)
        }
    }

    private static let dataName = Array("data".utf8)
    private static let eventName = Array("event".utf8)
    private static let idName = Array("id".utf8)
    private static let retryName = Array("retry".utf8)

    private mutating func add(_ value: UnsafeRawBufferPointer) throws {
        guard data.count + value.count < limit else { throw EventStreamError.tooLarge(limit: limit) }
        if dataLines == 0 {
            data = Array(value)
        } else {
            data.append(Self.lineFeed)
            data.append(contentsOf: value)
        }
        dataLines += 1
    }

    private mutating func take(retry value: UnsafeRawBufferPointer) {
        guard !value.isEmpty, value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return }
        // Too many digits for a number are a wish never to come back.
        retry = Int(String(decoding: value, as: UTF8.self)) ?? .max
    }

    private mutating func dispatch(_ emit: (EventStreamEvent) throws -> Void) throws {
        if let id { lastEventID = id }
        let event =
            dataLines == 0
            ? nil : EventStreamEvent(type: type ?? "", data: data, lastEventID: lastEventID)
        (type, data, dataLines, id, hasFields) = (nil, [], 0, nil, false)
        guard var event else { return }
        if event.type.isEmpty { event.type = "message" }
        try emit(event)
    }
}

/// Why a stream of events cannot be read on.
public enum EventStreamError: Error, Sendable, Hashable {
    /// An event is larger than what is taken, in bytes.
    case tooLarge(limit: Int)
}

extension UnsafeRawBufferPointer {
    /// Where a byte stands first within a range.
    @inline(__always)
    fileprivate func first(_ byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
        let end = end ?? count
        guard start < end, let base = baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

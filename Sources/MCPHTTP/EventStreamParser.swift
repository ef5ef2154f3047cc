import Platform

/// Parses a stream of server-sent events that arrives in pieces of any size.
///
/// Source: HTML Living Standard, "Server-sent events", "Parsing an event stream" and "Interpreting an event stream".
public struct EventStreamParser: Sendable {
    /// The ID to resume from: that of the last complete event that had one.
    ///
    /// Empty if the server reset it; nil if no event had one.
    public private(set) var lastEventID: String?
    /// The reconnection delay that the server asked for, in milliseconds.
    public private(set) var retry: Int?

    private let limit: Int
    private var bomCount = 0
    private var isAfterReturn = false
    /// The beginning of a line whose end has not arrived.
    private var line: [UInt8] = []
    private var type: String?
    private var data: [UInt8] = []
    private var dataLines = 0
    private var id: String?
    private var hasFields = false

    /// Creates a parser that accepts events of at most that many bytes.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Whether an event is incomplete; if the stream ends here, that event is lost.
    public var isMidEvent: Bool {
        hasFields || !(line.isEmpty || line[0] == UInt8(ascii: ":"))
    }

    /// Parses the next piece and passes on each event that it completes.
    ///
    /// - Throws: ``EventStreamError``, or what the closure throws. The parser cannot be used afterwards.
    public mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ emit: (EventStreamEvent) throws -> Void
    ) throws {
        var position = skipByteOrderMark(bytes)
        if isAfterReturn, position < bytes.count {
            if bytes[position] == Self.lineFeed { position += 1 }
            isAfterReturn = false
        }
        // Found once, not per line: in a stream of carriage returns the next line feed may be far away.
        var feed = bytes.first(Self.lineFeed, from: position)
        while position < bytes.count {
            if let found = feed, found < position { feed = bytes.first(Self.lineFeed, from: position) }
            let end = bytes.first(Self.carriageReturn, from: position, to: feed ?? bytes.count) ?? feed
            guard let end else {
                try buffer(bytes[position...])
                return
            }
            try finishLine(bytes[position..<end], emit)
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

    /// Parses the next piece and passes on each event that it completes.
    ///
    /// - Throws: ``EventStreamError``, or what the closure throws. The parser cannot be used afterwards.
    public mutating func append(_ bytes: [UInt8], _ emit: (EventStreamEvent) throws -> Void) throws {
        try bytes.withUnsafeBytes { try append($0, emit) }
    }

    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Drops a byte order mark at the start of the stream.
    ///
    /// - Returns: The offset of the first byte to parse.
    private mutating func skipByteOrderMark(_ bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        while bomCount < Self.byteOrderMark.count, position < bytes.count {
            guard bytes[position] == Self.byteOrderMark[bomCount] else {
                line = Array(Self.byteOrderMark[..<bomCount])
                bomCount = Self.byteOrderMark.count
                return position
            }
            bomCount += 1
            position += 1
        }
        return position
    }
}

// MARK: - Lines

extension EventStreamParser {
    private mutating func buffer(_ bytes: Slice<UnsafeRawBufferPointer>) throws {
        guard data.count + line.count + bytes.count <= limit else { throw EventStreamError.tooLarge(limit: limit) }
        line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes))
    }

    private mutating func finishLine(
        _ bytes: Slice<UnsafeRawBufferPointer>,
        _ emit: (EventStreamEvent) throws -> Void
    ) throws {
        if line.isEmpty {
            try parse(line: UnsafeRawBufferPointer(rebasing: bytes), emit)
        } else {
            try buffer(bytes)
            let whole = line
            line = []
            try whole.withUnsafeBytes { try parse(line: $0, emit) }
        }
    }

    private mutating func parse(line: UnsafeRawBufferPointer, _ emit: (EventStreamEvent) throws -> Void) throws {
        guard !line.isEmpty else { return try dispatch(emit) }
        guard line[0] != UInt8(ascii: ":") else { return }
        hasFields = true
        let colon = line.first(UInt8(ascii: ":"), from: 0)
        let name = UnsafeRawBufferPointer(rebasing: line[..<(colon ?? line.count)])
        var value = UnsafeRawBufferPointer(rebasing: line[(colon.map { $0 + 1 } ?? line.count)...])
        if value.first == 0x20 { value = UnsafeRawBufferPointer(rebasing: value.dropFirst()) }
        if name.elementsEqual(Self.dataName) {
            try appendData(value)
        } else if name.elementsEqual(Self.eventName) {
            type = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual(Self.idName) {
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        } else if name.elementsEqual(Self.retryName) {
            setRetry(value)
        }
    }

    private static let dataName = Array("data".utf8)
    private static let eventName = Array("event".utf8)
    private static let idName = Array("id".utf8)
    private static let retryName = Array("retry".utf8)

    private mutating func appendData(_ value: UnsafeRawBufferPointer) throws {
        guard data.count + value.count < limit else { throw EventStreamError.tooLarge(limit: limit) }
        if dataLines == 0 {
            data = Array(value)
        } else {
            data.append(Self.lineFeed)
            data.append(contentsOf: value)
        }
        dataLines += 1
    }

    private mutating func setRetry(_ value: UnsafeRawBufferPointer) {
        guard !value.isEmpty, value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return }
        // More digits than fit mean: never.
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

/// Why an event stream cannot be parsed any further.
public enum EventStreamError: Error, Sendable, Hashable {
    /// An event is larger than the limit, in bytes.
    case tooLarge(limit: Int)
}

extension UnsafeRawBufferPointer {
    /// The offset of the first occurrence of a byte within a range.
    @inline(__always)
    fileprivate func first(_ byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
        let end = end ?? count
        guard start < end, let base = baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

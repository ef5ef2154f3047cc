import Platform

/// Splits a byte stream into lines at 0x0A and nowhere else.
///
/// read(2) appends to one growing buffer, and each byte is searched once. A long line takes the buffer with it, a short
/// one is copied out. U+2028 and similar characters are content, because JSON allows them in strings.
package struct LineBuffer {
    /// What one read(2) returned.
    enum ReadOutcome: Equatable {
        case bytes(Int)
        case nothingYet
        case end
        case failed(Int32)
    }

    /// From this length on, handing over the buffer is cheaper than a copy.
    private static let handOverSize = 64 << 10
    /// What a pipe holds by default.
    private static let readSize = 64 << 10

    /// A line that has outgrown the limit: its beginning, and its length so far.
    private struct Overflow {
        let head: [UInt8]
        var byteCount: Int
    }

    private let limit: Int
    private let keptOfCut: Int
    private var storage: [UInt8] = []
    /// Where the first line that was not taken begins, and up to where line feeds have been searched.
    private var start = 0
    private var searched = 0
    private var overflow: Overflow?

    /// Creates an empty buffer.
    ///
    /// - Parameters:
    ///   - limit: the longest line, in bytes, that is delivered whole.
    ///   - keptOfCut: how many bytes of a longer one are kept; the rest is counted and thrown away.
    package init(limit: Int = Line.defaultLimit, keptOfCut: Int = 64 << 10) {
        self.limit = limit
        self.keptOfCut = min(keptOfCut, limit)
    }

    /// The beginning of a line whose end has not come yet.
    var partial: [UInt8] {
        overflow?.head ?? Array(storage[start...])
    }

    /// Calls read(2) once.
    mutating func fill(from descriptor: Int32) -> ReadOutcome {
        var count = 0
        var code: Int32 = 0
        storage.append(addingCapacity: Self.readSize) { span in
            span.withUnsafeMutableBufferPointer { free, initializedCount in
                repeat {
                    count = read(descriptor, free.baseAddress, Self.readSize)
                    code = errno
                } while count < 0 && code == EINTR
                initializedCount = max(count, 0)
            }
        }
        switch count {
        case 0: return .end
        case 1...: return .bytes(count)
        default: return code == EAGAIN ? .nothingYet : .failed(code)
        }
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        storage.append(contentsOf: bytes)
    }

    /// Takes the next whole line out, if there is one.
    mutating func next(at instant: ContinuousClock.Instant) -> Line? {
        guard let lineFeed = indexOfLineFeed() else {
            compact()
            return nil
        }
        let length = lineFeed - start
        if overflow != nil || length > limit {
            return takeCut(upTo: lineFeed, isTerminated: true, at: instant)
        }
        let bytes = start == 0 && length >= Self.handOverSize ? handOver(length) : copyOut(length)
        return Line(bytes: bytes, receivedAt: instant)
    }

    /// Takes out the bytes after the last line feed; call this at the end of the stream, after ``next(at:)``.
    mutating func finish(at instant: ContinuousClock.Instant) -> Line? {
        if overflow != nil {
            return takeCut(upTo: storage.count, isTerminated: false, at: instant)
        }
        guard start < storage.count else { return nil }
        return Line(bytes: copyOut(storage.count - start), isTerminated: false, receivedAt: instant)
    }

    private mutating func indexOfLineFeed() -> Int? {
        let from = searched
        let found = storage.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, from < bytes.count,
                let match = memchr(base + from, 0x0A, bytes.count - from)
            else { return nil }
            return UnsafeRawPointer(match) - base
        }
        searched = found ?? storage.count
        return found
    }

    private mutating func copyOut(_ length: Int) -> [UInt8] {
        let bytes = Array(storage[start..<start + length])
        skip(to: start + length + 1)
        return bytes
    }

    private mutating func handOver(_ length: Int) -> [UInt8] {
        var bytes = storage
        storage = Array(storage[(length + 1)...])
        start = 0
        searched = 0
        bytes.removeSubrange(length...)
        return bytes
    }

    private mutating func takeCut(upTo end: Int, isTerminated: Bool, at instant: ContinuousClock.Instant) -> Line {
        let head = overflow?.head ?? Array(storage[start..<start + keptOfCut])
        let byteCount = (overflow?.byteCount ?? 0) + end - start
        overflow = nil
        skip(to: end + 1)
        return Line(bytes: head, byteCount: byteCount, isTerminated: isTerminated, receivedAt: instant)
    }

    private mutating func skip(to index: Int) {
        start = min(index, storage.count)
        searched = start
    }

    /// Moves an unfinished line to the front; one that is too long is cut down to its head.
    private mutating func compact() {
        let length = storage.count - start
        if overflow != nil {
            overflow?.byteCount += length
            start = storage.count
        } else if length > limit {
            overflow = Overflow(head: Array(storage[start..<start + keptOfCut]), byteCount: length)
            storage = []
            start = 0
        }
        if start > 0 {
            storage.removeSubrange(0..<start)
            start = 0
        }
        searched = storage.count
    }
}

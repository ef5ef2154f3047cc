/// The end of what a child wrote to its standard error, within a bound.
package struct StderrTail: Sendable {
    /// A longer line is cut to this many bytes.
    static let longestLine = 8 << 10
    /// Counted for each line in addition to its bytes, because empty lines take memory, too.
    private static let lineOverhead = 16

    /// The greatest number of bytes that are kept.
    package let capacity: Int
    /// How many lines were dropped to make room.
    package private(set) var droppedLines = 0
    /// How many bytes came in total, without line feeds.
    package private(set) var totalBytes = 0

    private var storage: [Line] = []
    private var first = 0
    private var size = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The lines that were kept, oldest first.
    package var lines: ArraySlice<Line> { storage[first...] }

    /// The kept lines as text, each ended by a line feed.
    package var text: String {
        lines.map { $0.text + "\n" }.joined()
    }

    mutating func append(_ line: Line) {
        totalBytes += line.byteCount
        storage.append(line)
        size += cost(of: line)
        while size > capacity, first < storage.count - 1 {
            size -= cost(of: storage[first])
            first += 1
            droppedLines += 1
        }
        // Removing at the front moves the rest, so many are removed at once.
        if first > storage.count / 2 {
            storage.removeSubrange(0..<first)
            first = 0
        }
    }

    private func cost(of line: Line) -> Int {
        line.bytes.count + Self.lineOverhead
    }
}

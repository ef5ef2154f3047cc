/// The text of a suite file, in which values are found again by their offsets.
package struct SourceFile: Sendable {
    /// The path as the user gave it.
    package let path: String
    package let bytes: [UInt8]
    /// The offsets at which lines start.
    private let lineStarts: [Int]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        lineStarts = starts
    }

    /// The line and column of an offset.
    package func place(of offset: Int) -> SourcePlace {
        let line = lineIndex(of: offset)
        let before = String(decoding: bytes[lineStarts[line]..<min(offset, bytes.count)], as: UTF8.self)
        return SourcePlace(file: path, line: line + 1, column: before.unicodeScalars.count + 1)
    }

    /// The line that has an offset, without its end.
    func line(at offset: Int) -> String {
        let index = lineIndex(of: offset)
        let end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
        var line = bytes[lineStarts[index]..<max(end, lineStarts[index])]
        if line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    private func lineIndex(of offset: Int) -> Int {
        var (low, high) = (0, lineStarts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// A place in a file; line and column are counted from 1, columns in Unicode scalars.
package struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    package let file: String
    /// The line; 0 for the file as a whole.
    package let line: Int
    package let column: Int

    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Whether it is a line of the file.
    var hasLine: Bool { line > 0 }

    package var description: String { hasLine ? "\(file):\(line):\(column)" : file }
}

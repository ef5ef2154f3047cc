/// Bytes that wait to be written, in order.
///
/// Small messages are gathered, so that one write(2) carries all of a tick; big ones are kept as they are, not copied.
struct OutputQueue {
    enum FlushOutcome: Equatable {
        case empty
        case waiting
        case failed(Int32)
    }

    /// Messages from this size on are not copied.
    private static let bigMessage = 16 << 10
    /// How large a gathered chunk may grow: what a pipe holds by default.
    private static let gatheredChunk = 64 << 10
    /// How much one flush may write: a fast reader must not keep the loop from its other work.
    private static let flushBudget = 1 << 20

    private var chunks: [[UInt8]] = []
    /// The chunk that is being written, and how much of it has been.
    private var head = 0
    private var offset = 0
    /// The number of bytes that wait.
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        if let last = chunks.indices.last, bytes.count < Self.bigMessage,
            chunks[last].count + bytes.count <= Self.gatheredChunk
        {
            chunks[last].append(contentsOf: bytes)
        } else {
            chunks.append(bytes)
        }
    }

    /// Writes until all is written, the sink is full or the budget of a flush is used up.
    mutating func flush(into sink: Sink) -> FlushOutcome {
        var budget = Self.flushBudget
        while head < chunks.count {
            guard budget > 0 else { return .waiting }
            let outcome = chunks[head].withUnsafeBytes { sink.write(.init(rebasing: $0[offset...])) }
            switch outcome {
            case .wrote(let written):
                budget -= written
                advance(by: written)
            case .wouldBlock:
                return .waiting
            case .failed(let code):
                return .failed(code)
            }
        }
        removeAll()
        return .empty
    }

    mutating func removeAll() {
        chunks.removeAll(keepingCapacity: true)
        (head, offset, count) = (0, 0, 0)
    }

    private mutating func advance(by written: Int) {
        count -= written
        offset += written
        if offset == chunks[head].count {
            chunks[head] = []
            head += 1
            offset = 0
        }
    }
}

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

    /// Chunks that are complete; the first `head` of them are written and empty.
    private var chunks: [[UInt8]] = []
    private var head = 0
    /// Small messages, which follow all chunks.
    ///
    /// Its storage is kept from flush to flush.
    private var gathered: [UInt8] = []
    /// How much is written of the chunk at `head`, or of `gathered` if there is no chunk.
    private var offset = 0
    /// The number of bytes that wait.
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        count += bytes.count
        if bytes.count < Self.bigMessage {
            gathered.append(contentsOf: bytes)
            if gathered.count >= Self.gatheredChunk { completeGathered() }
        } else {
            completeGathered()
            chunks.append(bytes)
        }
    }

    mutating func appendLineFeed() {
        count += 1
        gathered.append(0x0A)
    }

    /// Writes until all is written, the sink is full or the budget of a flush is used up.
    mutating func flush(into sink: Sink) -> FlushOutcome {
        var budget = Self.flushBudget
        while count > 0 {
            guard budget > 0 else { return .waiting }
            let isChunk = head < chunks.count
            let outcome =
                isChunk
                ? chunks[head].withUnsafeBytes { sink.write(.init(rebasing: $0[offset...])) }
                : gathered.withUnsafeBytes { sink.write(.init(rebasing: $0[offset...])) }
            switch outcome {
            case .wrote(let written):
                budget -= written
                count -= written
                offset += written
                if isChunk, offset == chunks[head].count { finishChunk() }
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
        gathered.removeAll(keepingCapacity: true)
        (head, offset, count) = (0, 0, 0)
    }

    private mutating func finishChunk() {
        chunks[head] = []
        head += 1
        offset = 0
    }

    private mutating func completeGathered() {
        guard !gathered.isEmpty else { return }
        // The offset stays right: with no chunk before it, this one is the first.
        if head == chunks.count {
            chunks.removeAll(keepingCapacity: true)
            head = 0
        }
        chunks.append(gathered)
        gathered = []
    }
}

/// One line of input as it came, without its line feed.
package struct Line: Sendable, Equatable {
    /// The length in bytes above which a line is cut: six times the biggest results seen in practice.
    package static let defaultLimit = 64 << 20

    /// The bytes, unchanged: a carriage return before the line feed stays.
    ///
    /// Only the beginning of the line where ``isCut``.
    package let bytes: [UInt8]
    /// How many bytes the line had on the wire.
    package let byteCount: Int
    /// False for a last line that ended with the stream instead of with a line feed.
    package let isTerminated: Bool
    /// When its last byte was read.
    package let receivedAt: ContinuousClock.Instant

    /// True where the line was longer than the reader's limit and the rest was thrown away.
    package var isCut: Bool { bytes.count < byteCount }

    /// The bytes as text, with anything that is not UTF-8 replaced.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Creates a line; `byteCount` is the number of bytes where it is not given.
    package init(
        bytes: [UInt8],
        byteCount: Int? = nil,
        isTerminated: Bool = true,
        receivedAt: ContinuousClock.Instant
    ) {
        self.bytes = bytes
        self.byteCount = byteCount ?? bytes.count
        self.isTerminated = isTerminated
        self.receivedAt = receivedAt
    }
}

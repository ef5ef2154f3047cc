/// One line of input as it came, without its line feed.
package struct Line: Sendable, Equatable {
    /// The length in bytes above which a line is cut.
    ///
    /// It is six times the biggest result seen in practice.
    package static let defaultLimit = 64 << 20

    /// The bytes, unchanged: a carriage return before the line feed stays.
    ///
    /// Only the beginning of the line if ``isCut``.
    package let bytes: [UInt8]
    /// How many bytes the line had on the wire.
    package let byteCount: Int
    /// Whether a line feed ended the line; false for a last line that ended with the stream.
    package let isTerminated: Bool
    /// When its last byte was read.
    package let receivedAt: ContinuousClock.Instant

    /// Whether the line was longer than the reader's limit, so that the rest was thrown away.
    package var isCut: Bool { bytes.count < byteCount }

    /// Whether the line consists of white space alone.
    package var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 } }

    /// The bytes as text; invalid UTF-8 is replaced.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Creates a line; `byteCount` defaults to the number of bytes.
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

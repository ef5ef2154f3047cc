/// A growing byte buffer that cannot be shared.
///
/// An array would check on each of a writer's many small appends whether it is uniquely referenced. Here small pieces are
/// collected in a buffer first; large ones go straight into the array.
struct ByteWriter: ~Copyable {
    private static let maximumBufferSize = 16 << 10

    /// Bound to bytes, because raw memory is allocated with an alignment, which costs more.
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private let ownsBuffer: Bool
    private(set) var used = 0
    private var array: [UInt8] = []

    init(capacity: Int) {
        buffer = .allocate(capacity: min(max(capacity, 64), Self.maximumBufferSize))
        ownsBuffer = true
        if capacity > Self.maximumBufferSize { array.reserveCapacity(capacity) }
    }

    /// Writes into the storage of an array first, which must outlive the writer and have room for 64 bytes.
    init(into storage: UnsafeMutableBufferPointer<UInt8>) {
        buffer = storage
        ownsBuffer = false
    }

    deinit {
        if ownsBuffer { buffer.deallocate() }
    }

    /// All bytes if they did not fit the storage; nil if they are there.
    mutating func overflow() -> [UInt8]? {
        array.isEmpty ? nil : bytes
    }

    /// The bytes appended so far.
    var bytes: [UInt8] {
        mutating get {
            flush()
            return array
        }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if used == buffer.count { flush() }
        buffer[used] = byte
        used &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= buffer.count &- used, let source = bytes.baseAddress else { return appendLarge(bytes) }
        free.copyMemory(from: source, byteCount: bytes.count)
        used &+= bytes.count
    }

    /// The maximum size of a reservation.
    var capacity: Int { buffer.count }

    /// Reserves space at the end for up to ``capacity`` bytes.
    ///
    /// Bytes written there count once they are committed.
    @inline(__always)
    mutating func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if buffer.count &- used < count { flush() }
        return free
    }

    /// Appends the bytes that were written into the reserved space.
    @inline(__always)
    mutating func commit(_ count: Int) {
        used &+= count
    }

    @inline(__always)
    private var free: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped + used)
    }

    private mutating func appendLarge(_ bytes: UnsafeRawBufferPointer) {
        flush()
        // Reserves more than needed, so that a few more bytes do not move everything again.
        let needed = array.count + bytes.count
        if needed > array.capacity { array.reserveCapacity(max(2 * array.capacity, needed + needed / 8)) }
        array.append(contentsOf: bytes)
    }

    private mutating func flush() {
        guard used > 0 else { return }
        array.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<used]))
        used = 0
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes contain a line feed or a carriage return.
    var hasLineBreak: Bool {
        guard let bytes = baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        // Without an exit from the loop, the compiler compares many bytes at a time.
        var found: UInt8 = 0
        for index in 0..<count { found |= (bytes[index] == 0x0A ? 1 : 0) | (bytes[index] == 0x0D ? 1 : 0) }
        return found != 0
    }
}

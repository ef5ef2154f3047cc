/// Bytes that grow at the end, owned by one writer.
///
/// An array would ask at each of a writer's many small appends whether it is shared; this cannot be.
struct ByteBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 1)
    }

    deinit {
        base.deallocate()
    }

    /// A copy of what was appended.
    var array: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(start: base, count: count))
            initialized = count
        }
    }

    /// Replaces line breaks from a place on by spaces.
    mutating func replaceLineBreaks(from start: Int) {
        let bytes = UnsafeMutableRawBufferPointer(start: base + start, count: count - start)
        // Text that came as a line has none: it is only looked through.
        guard UnsafeRawBufferPointer(bytes).hasLineBreak else { return }
        for index in bytes.indices where bytes[index] == 0x0A || bytes[index] == 0x0D { bytes[index] = 0x20 }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        if capacity &- count < bytes.count { grow(by: bytes.count) }
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    private mutating func grow(by needed: Int) {
        let larger = max(capacity * 2, count + needed)
        let new = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 1)
        new.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = new
        capacity = larger
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var hasLineBreak: Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = 0
        while position &+ 8 <= count {
            let word = loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let feeds = word ^ (ones &* 0x0A)
            let returns = word ^ (ones &* 0x0D)
            if ((feeds &- ones) & ~feeds | (returns &- ones) & ~returns) & (ones &* 0x80) != 0 { return true }
            position &+= 8
        }
        return self[position...].contains { $0 == 0x0A || $0 == 0x0D }
    }
}

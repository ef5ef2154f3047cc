/// Bytes that grow at the end, owned by one writer.
///
/// An array would ask at each of a writer's many small appends whether it is shared. Here small pieces are gathered first,
/// in room that cannot be shared; large ones go straight into the array.
struct ByteWriter: ~Copyable {
    private static let mostGathered = 16 << 10

    private let room: UnsafeMutableRawBufferPointer
    private var gathered = 0
    private var array: [UInt8] = []

    init(capacity: Int) {
        room = .allocate(byteCount: min(max(capacity, 64), Self.mostGathered), alignment: 1)
        if capacity > Self.mostGathered { array.reserveCapacity(capacity) }
    }

    deinit {
        room.deallocate()
    }

    /// What was appended so far.
    var bytes: [UInt8] {
        mutating get {
            settle()
            return array
        }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if gathered == room.count { settle() }
        room[gathered] = byte
        gathered &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= room.count &- gathered, let source = bytes.baseAddress else { return appendLarge(bytes) }
        (room.baseAddress.unsafelyUnwrapped + gathered).copyMemory(from: source, byteCount: bytes.count)
        gathered &+= bytes.count
    }

    /// How many bytes ``room(for:)`` can give at most.
    var mostRoom: Int { room.count }

    /// Room at the end for so many bytes, at most ``mostRoom``; what is written there counts once it was ``taken(_:)``.
    @inline(__always)
    mutating func room(for count: Int) -> UnsafeMutableRawPointer {
        if room.count &- gathered < count { settle() }
        return room.baseAddress.unsafelyUnwrapped + gathered
    }

    /// Counts bytes that were written into the room.
    @inline(__always)
    mutating func taken(_ count: Int) {
        gathered &+= count
    }

    private mutating func appendLarge(_ bytes: UnsafeRawBufferPointer) {
        settle()
        // With room for what usually follows, lest a few bytes more make the whole move again.
        let needed = array.count + bytes.count
        if needed > array.capacity { array.reserveCapacity(max(2 * array.capacity, needed + needed / 8)) }
        array.append(contentsOf: bytes)
    }

    private mutating func settle() {
        guard gathered > 0 else { return }
        array.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<gathered]))
        gathered = 0
    }
}

extension UnsafeRawBufferPointer {
    /// Whether there is a line feed or a carriage return.
    var hasLineBreak: Bool {
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

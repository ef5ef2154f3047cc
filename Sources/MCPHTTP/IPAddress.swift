import Platform

/// An IP address as its bytes.
package struct IPAddress: Sendable, Hashable {
    /// 4 bytes or 16, in network order.
    package let bytes: [UInt8]

    /// Parses an address; nil if the text is a host name.
    package init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// Creates an address from 4 or 16 bytes in network order.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the address is this machine.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether the address is in a network, given by an address and the length of its prefix.
    package func isIn(_ network: IPAddress, bits: Int) -> Bool {
        guard network.bytes.count == bytes.count, (0...(bytes.count * 8)).contains(bits) else { return false }
        return (0..<bytes.count).allSatisfy { index in
            let rest = min(8, max(0, bits - index * 8))
            let mask = rest == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
            return bytes[index] & mask == network.bytes[index] & mask
        }
    }
}

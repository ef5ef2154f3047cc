import CNIOLinux
import NIOCore

/// An IP address as its bytes.
struct IPAddress: Hashable {
    let bytes: [UInt8]

    /// Parses an address; nil if the text is a host name.
    init?(_ text: String) {
        do {
            switch try SocketAddress(ipAddress: text, port: 0) {
            case .v4(let address): bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
            case .v6(let address): bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            case .unixDomainSocket: return nil
            }
        } catch {
            return nil
        }
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether the address is in a network, given by an address and the length of its prefix.
    func isIn(_ network: IPAddress, bits: Int) -> Bool {
        guard network.bytes.count == bytes.count, (0...(bytes.count * 8)).contains(bits) else { return false }
        return (0..<bytes.count).allSatisfy { index in
            let rest = min(8, max(0, bits - index * 8))
            let mask = rest == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
            return bytes[index] & mask == network.bytes[index] & mask
        }
    }
}

/// A loopback port that is bound, on one or both addresses, but on which nothing listens.
///
/// A port that was only found to be free may be taken by another test.
public final class ReservedPort: Sendable {
    /// The port.
    public let port: Int

    private let descriptors: [Int32]

    /// Binds a port on `127.0.0.1` and, if this machine has it, `::1`; 0 selects a free port.
    ///
    /// - Throws: ``SocketError`` if the port is in use.
    public init(_ port: Int = 0, alsoIPv6: Bool = true) throws {
        let first = try Socket.bind(host: "127.0.0.1", port: port)
        var taken = [first.descriptor]
        do {
            if alsoIPv6 { taken.append(try Socket.bind(host: "[::1]", port: first.port).descriptor) }
        } catch let error as SocketError where error.code == Socket.isTaken {
            Socket.close(first.descriptor)
            throw error
        } catch {
            // If the machine does not have the other address, the port cannot be in use there.
        }
        self.port = first.port
        descriptors = taken
    }

    deinit {
        for descriptor in descriptors { Socket.close(descriptor) }
    }
}

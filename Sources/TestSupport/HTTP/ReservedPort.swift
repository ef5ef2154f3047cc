/// A port of the loopback interface that is taken, at both of its addresses or at one, and at which nobody listens.
///
/// A port that was merely free a moment ago may be another test's by now.
public final class ReservedPort: Sendable {
    /// The port.
    public let port: Int

    private let descriptors: [Int32]

    /// Takes a port at `127.0.0.1` and, where this machine has it, at `::1`; 0 takes a free one.
    ///
    /// - Throws: ``SocketError`` where somebody else has it.
    public init(_ port: Int = 0, alsoIPv6: Bool = true) throws {
        let first = try Socket.bind(host: "127.0.0.1", port: port)
        var taken = [first.descriptor]
        do {
            if alsoIPv6 { taken.append(try Socket.bind(host: "[::1]", port: first.port).descriptor) }
        } catch let error as SocketError where error.code == Socket.isTaken {
            Socket.close(first.descriptor)
            throw error
        } catch {
            // Without the other address nobody can have the port there.
        }
        self.port = first.port
        descriptors = taken
    }

    deinit {
        for descriptor in descriptors { Socket.close(descriptor) }
    }
}

import Platform
import Synchronization

/// A failed socket call.
public struct SocketError: Error, Sendable {
    /// The call.
    public var call: String
    /// The system's error code, 0 if the other end violated the protocol.
    public var code: Int32
}

/// The socket calls that scripted servers need.
enum Socket {
    #if canImport(Glibc)
    static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    static let stream = SOCK_STREAM
    #endif

    #if canImport(Darwin)
    static let quietly: Int32 = 0
    #else
    static let quietly = Int32(MSG_NOSIGNAL)
    #endif

    /// Listens on a loopback port; 0 selects a free port.
    static func listen(host: String, port: Int) throws -> (descriptor: Int32, port: Int) {
        let isV6 = host.hasPrefix("[")
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, stream, 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", code: errno) }
        do {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            let bound = isV6 ? try bindV6(descriptor, port) : try bindV4(descriptor, port)
            guard listenAt(descriptor) == 0 else { throw SocketError(call: "listen", code: errno) }
            return (descriptor, bound)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The error code if the address is in use.
    static let isTaken = EADDRINUSE

    /// Binds a loopback port without listening; 0 selects a free port.
    static func bind(host: String, port: Int) throws -> (descriptor: Int32, port: Int) {
        let isV6 = host.hasPrefix("[")
        let descriptor = socket(isV6 ? AF_INET6 : AF_INET, stream, 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", code: errno) }
        do {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            if port != 0 {
                // Recently closed connections on the port would count as well, and a shared port could be
                // selected.
                var yes: Int32 = 1
                setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            }
            return (descriptor, isV6 ? try bindV6(descriptor, port) : try bindV4(descriptor, port))
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func bindV4(_ descriptor: Int32, _ port: Int) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try bind(descriptor, &address)
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    private static func bindV6(_ descriptor: Int32, _ port: Int) throws -> Int {
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = in_port_t(port).bigEndian
        address.sin6_addr = in6addr_loopback
        try bind(descriptor, &address)
        return Int(in_port_t(bigEndian: address.sin6_port))
    }

    /// Binds, and stores the bound port in the address.
    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) throws {
        var length = socklen_t(MemoryLayout<Address>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bindTo(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        guard code == 0 else { throw SocketError(call: "bind", code: errno) }
    }

    /// The next connection, or nil after listening stopped.
    static func accept(_ listener: Int32) -> Int32? {
        while true {
            let descriptor = acceptFrom(listener)
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                #if canImport(Darwin)
                var yes: Int32 = 1
                setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
                #endif
                var noDelay: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
                return descriptor
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// Wakes threads that are blocked in a call to the socket.
    static func shut(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_RDWR))
    }

    static func close(_ descriptor: Int32) {
        _ = closeDescriptor(descriptor)
    }
}

/// A socket that is closed once, when it is no longer used.
final class OwnedSocket: Sendable {
    private let descriptor: Int32
    private let isClosed = Mutex(false)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        isClosed.withLock { if !$0 { Socket.close(descriptor) } }
    }

    /// Reads available bytes, waiting for them, or returns none at the end.
    func read() throws -> [UInt8] {
        if isClosed.withLock({ $0 }) { throw SocketError(call: "recv", code: EBADF) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count >= 0 { return Array(bytes[..<count]) }
            guard errno == EINTR else { throw SocketError(call: "recv", code: errno) }
        }
    }

    func write(_ bytes: [UInt8]) throws {
        if isClosed.withLock({ $0 }) { throw SocketError(call: "send", code: EBADF) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { sendTo(descriptor, $0.baseAddress, $0.count, Socket.quietly) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw SocketError(call: "send", code: errno)
            }
        }
    }

    func shut() {
        isClosed.withLock { if !$0 { Socket.shut(descriptor) } }
    }

    /// Closes with a reset.
    func reset() {
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            isClosed = true
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            Socket.close(descriptor)
        }
    }
}

// System functions whose names the types above hide.

private func listenAt(_ descriptor: Int32) -> Int32 { listen(descriptor, 128) }
private func bindTo(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
    bind(descriptor, address, length)
}
private func acceptFrom(_ listener: Int32) -> Int32 { accept(listener, nil, nil) }
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func sendTo(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    send(descriptor, bytes, count, flags)
}

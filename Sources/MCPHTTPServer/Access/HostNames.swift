/// The names by which a server may be addressed.
struct HostNames: Sendable {
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    private let port: Int
    /// The default port of HTTP is usually omitted.
    private let isPortOptional: Bool
    private let own: Set<String>
    private let allowed: Set<String>

    init(_ options: HTTPServerOptions, port: Int) {
        self.port = port
        isPortOptional = port == 80
        own = Self.loopback.union([Self.bracketed(options.host.lowercased())])
        allowed = Set(options.allowedHosts.map { $0.lowercased() })
    }

    /// Whether a value of `Host` names the server.
    ///
    /// - Parameter address: The IP address at which the request arrived. Unlike a name, it cannot be made to resolve to another
    ///   machine.
    func accepts(_ host: String, at address: String?) -> Bool {
        let host = host.lowercased()
        if allowed.contains(host) { return true }
        let (name, givenPort) = Self.split(host)
        if allowed.contains(name) { return true }
        return isOwnPort(givenPort) && (own.contains(name) || name == address.map(Self.bracketed))
    }

    /// Whether a host and port are the server's own port under one of the names of this machine.
    func isLoopback(_ host: String) -> Bool {
        let (name, givenPort) = Self.split(host.lowercased())
        return Self.loopback.contains(name) && isOwnPort(givenPort)
    }

    private func isOwnPort(_ given: String?) -> Bool {
        given == String(port) || given == nil && isPortOptional
    }

    private static func split(_ host: String) -> (name: String, port: String?) {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return (host, nil) }
        return (String(host[..<colon]), String(host[host.index(after: colon)...]))
    }

    static func bracketed(_ address: String) -> String {
        address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address
    }
}

/// By which names a server may be addressed.
struct HostNames: Sendable {
    private let port: Int
    private let isPortOptional: Bool
    private let own: Set<String>
    private let allowed: Set<String>

    init(_ options: HTTPServerOptions, port: Int) {
        self.port = port
        isPortOptional = port == 80
        own = ["localhost", "127.0.0.1", "[::1]", Self.bracketed(options.host.lowercased())]
        allowed = Set(options.allowedHosts.map { $0.lowercased() })
    }

    /// Tells whether a `Host` header names the server, as it was reached at an address.
    func allow(_ host: String, at address: String?) -> Bool {
        let host = host.lowercased()
        if allowed.contains(host) { return true }
        let (name, givenPort) = Self.split(host)
        if allowed.contains(name) { return true }
        guard givenPort == String(port) || (givenPort == nil && isPortOptional) else { return false }
        // A number cannot be made to lead elsewhere as a name can.
        return own.contains(name) || name == address.map(Self.bracketed)
    }

    private static func split(_ host: String) -> (name: String, port: String?) {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return (host, nil) }
        return (String(host[..<colon]), String(host[host.index(after: colon)...]))
    }

    static func bracketed(_ address: String) -> String {
        address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address
    }
}

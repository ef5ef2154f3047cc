public import MCPHTTP

/// Decides which URLs that a server names may be requested.
///
/// A server under test could otherwise make this program send requests into the user's network (SSRF). The server's own
/// origin is always allowed, because the user named it.
///
/// Source: 2026-07-28, "Security Best Practices", "Server-Side Request Forgery".
public struct AddressPolicy: Sendable, Hashable {
    /// The URL that the user gave.
    private let server: HTTPURL
    /// Hosts in lowercase that the user allowed.
    private let allowedHosts: Set<String>

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - server: The URL that the user gave.
    ///   - allowedHosts: Host names or addresses that may be reached whatever their address, also without TLS.
    public init(server: HTTPURL, allowedHosts: some Sequence<String> = []) {
        self.server = server
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    }

    /// Whether the addresses of the host must be checked before it is reached.
    package func checksAddresses(of url: HTTPURL) -> Bool { !isNamedByUser(url) }

    /// Why a URL may not be requested; nil if it may, as far as the URL tells.
    public func refusal(of url: HTTPURL) -> AuthHTTPFailure? {
        if isNamedByUser(url) { return nil }
        if let address = IPAddress(url.host), let refusal = refusal(of: [address], for: url) { return refusal }
        if Self.isLocalName(url.host), !isServerLocal { return refusal(of: url, because: "is this machine") }
        guard url.isSecure || isLoopback(url) else {
            return AuthHTTPFailure(
                "\(url) does not use https, which is required for every host except this machine",
                advice: "Serve it with https. In a test, allow the host: --auth-allow-host \(url.host).",
                isRefusedAddress: true
            )
        }
        return nil
    }

    /// Why a URL may not be requested at these addresses; nil if it may.
    package func refusal(of addresses: [IPAddress], for url: HTTPURL) -> AuthHTTPFailure? {
        if isNamedByUser(url) { return nil }
        for address in addresses {
            guard let reason = Self.reservation(of: address) else { continue }
            if address.isLoopback, isServerLocal { continue }
            return refusal(of: url, because: "\(reason) (\(Self.text(address)))")
        }
        return nil
    }

    private func refusal(of url: HTTPURL, because reason: String) -> AuthHTTPFailure {
        AuthHTTPFailure(
            "\(url) was not requested: \(url.host) \(reason), and a server must not make this program reach it",
            advice: "If the address is right, allow the host: --auth-allow-host \(url.host).",
            isRefusedAddress: true
        )
    }

    private func isNamedByUser(_ url: HTTPURL) -> Bool {
        url.origin == server.origin || allowedHosts.contains(url.host)
    }

    private var isServerLocal: Bool { Self.isLocalName(server.host) || IPAddress(server.host)?.isLoopback == true }

    private func isLoopback(_ url: HTTPURL) -> Bool {
        Self.isLocalName(url.host) || IPAddress(url.host)?.isLoopback == true
    }

    private static func isLocalName(_ host: String) -> Bool { host == "localhost" || host.hasSuffix(".localhost") }
}

// MARK: - Reserved networks

extension AddressPolicy {
    /// What an address is, as a predicate, if it is not public; nil for a public one.
    ///
    /// Source: RFC 6890.
    static func reservation(of address: IPAddress) -> String? {
        let address = embedded(in: address) ?? address
        if address.isLoopback { return "is this machine" }
        return networks.first { address.isIn($0.network, bits: $0.bits) }?.reason
    }

    /// The IPv4 address inside an IPv6 address: mapped, compatible, NAT64 or 6to4.
    private static func embedded(in address: IPAddress) -> IPAddress? {
        let bytes = address.bytes
        guard bytes.count == 16 else { return nil }
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10...11].allSatisfy({ $0 == 0xFF }) {
            return IPAddress(bytes: Array(bytes[12...]))
        }
        if bytes[..<12].allSatisfy({ $0 == 0 }), bytes[12] != 0 { return IPAddress(bytes: Array(bytes[12...])) }
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B]) { return IPAddress(bytes: Array(bytes[12...])) }
        if bytes.starts(with: [0x20, 0x02]) { return IPAddress(bytes: Array(bytes[2...5])) }
        return nil
    }

    private static func text(_ address: IPAddress) -> String {
        if address.bytes.count == 4 { return address.bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(Int(address.bytes[$0]) << 8 | Int(address.bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    private static let networks: [(network: IPAddress, bits: Int, reason: String)] = [
        ("0.0.0.0", 8, "is an unspecified address"), ("10.0.0.0", 8, "is in a private network"),
        ("100.64.0.0", 10, "is in a shared network"), ("127.0.0.0", 8, "is this machine"),
        ("169.254.0.0", 16, "is a link-local address"), ("172.16.0.0", 12, "is in a private network"),
        ("192.0.0.0", 24, "is a reserved address"), ("192.168.0.0", 16, "is in a private network"),
        ("198.18.0.0", 15, "is in a test network"), ("224.0.0.0", 4, "is a multicast address"),
        ("240.0.0.0", 4, "is a reserved address"), ("::", 128, "is an unspecified address"),
        ("fc00::", 7, "is in a private network"), ("fe80::", 10, "is a link-local address"),
        ("fec0::", 10, "is in a private network"), ("ff00::", 8, "is a multicast address"),
    ].compactMap { text, bits, reason in IPAddress(text).map { ($0, bits, reason) } }
}

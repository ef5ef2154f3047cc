import MCPHTTP
import MCPTransport

/// The way out to a server: straight, or by a proxy that the environment names.
enum ProxyRoute: Sendable {
    case direct
    /// Whole URLs are asked of the proxy: for `http`.
    case forward(HTTPURL)
    /// The proxy passes bytes on: for `https`.
    case tunnel(HTTPURL)
    /// A SOCKS 5 proxy.
    case socks(HTTPURL)

    init(to url: HTTPURL, _ choice: ProxyChoice) throws(TransportFailure) {
        guard case .environment(let variables) = choice,
            let (name, value) = Self.proxy(for: url, in: variables),
            !ProxyExceptions(variables["no_proxy"] ?? variables["NO_PROXY"] ?? "").contain(url)
        else {
            self = .direct
            return
        }
        let parts = value.firstRange(of: "://").map { (value[..<$0.lowerBound].lowercased(), value[$0.upperBound...]) }
        let (scheme, rest) = parts ?? ("http", value[...])
        do throws(HTTPURL.Fault) {
            let proxy = try HTTPURL("http://\(rest)")
            switch scheme {
            case "http": self = url.isSecure ? .tunnel(proxy) : .forward(proxy)
            case "socks", "socks5", "socks5h": self = .socks(proxy)
            default: throw HTTPURL.Fault("is of a kind that cannot be used: \(scheme)")
            }
        } catch {
            throw TransportFailure(
                .proxy,
                "the proxy of the variable \(name) \(error)",
                advice: "Set \(name) to http://HOST:PORT, or name \(url.host) in NO_PROXY."
            )
        }
    }

    /// The proxy, where there is one.
    var proxy: HTTPURL? {
        switch self {
        case .direct: nil
        case .forward(let proxy), .tunnel(let proxy), .socks(let proxy): proxy
        }
    }

    private static func proxy(for url: HTTPURL, in variables: [String: String]) -> (name: String, value: String)? {
        // HTTP_PROXY in capitals is left alone: a CGI program would take it from a request.
        let names =
            url.isSecure
            ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "all_proxy", "ALL_PROXY"]
        for name in names {
            if let value = variables[name], !value.isEmpty { return (name, value) }
        }
        return nil
    }
}

/// The hosts that are reached without a proxy: those of `no_proxy`, and this machine.
struct ProxyExceptions {
    private let entries: [Substring]

    init(_ list: String) {
        entries = list.split { $0 == "," || $0 == " " }
    }

    func contain(_ url: HTTPURL) -> Bool {
        let address = IPAddress(url.host)
        if url.host == "localhost" || url.host.hasSuffix(".localhost") || address?.isLoopback == true { return true }
        return entries.contains { Self.matches(String($0).lowercased(), url, address) }
    }

    private static func matches(_ entry: String, _ url: HTTPURL, _ address: IPAddress?) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.lastIndex(of: "/") {
            guard let network = IPAddress(String(entry[..<slash])), let bits = Int(entry[entry.index(after: slash)...])
            else { return false }
            return address?.isIn(network, bits: bits) ?? false
        }
        // An entry with a port is read as a URL is; a bare IPv6 address has no port.
        if let listed = IPAddress(entry) { return listed == address }
        var name = entry
        while name.hasPrefix("*") || name.hasPrefix(".") { name.removeFirst() }
        // What is no host excludes none, as elsewhere: the variable is the system's, and not ours to refuse.
        guard let listed = try? HTTPURL("http://\(name)") else { return false }
        if let port = listed.explicitPort, port != url.port { return false }
        if let listedAddress = IPAddress(listed.host) { return listedAddress == address }
        return url.host == listed.host || url.host.hasSuffix(".\(listed.host)")
    }
}

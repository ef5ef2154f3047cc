import MCPHTTP
import MCPTransport

/// How requests reach a server: directly, or through a proxy from the environment.
enum ProxyRoute: Sendable {
    case direct
    /// The proxy receives requests with absolute URLs: for `http`.
    case forward(HTTPURL)
    /// The proxy forwards bytes: for `https`.
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
            default: throw HTTPURL.Fault("has an unsupported scheme: \(scheme)")
            }
        } catch {
            throw TransportFailure(
                .proxy,
                "the proxy URL in the variable \(name) \(error)",
                advice: "Set \(name) to http://HOST:PORT, or add \(url.host) to NO_PROXY."
            )
        }
    }

    /// The URL of the proxy; nil if there is none.
    var proxy: HTTPURL? {
        switch self {
        case .direct: nil
        case .forward(let proxy), .tunnel(let proxy), .socks(let proxy): proxy
        }
    }

    private static func proxy(for url: HTTPURL, in variables: [String: String]) -> (name: String, value: String)? {
        // HTTP_PROXY is ignored: in a CGI program, a request could have set it.
        let names =
            url.isSecure
            ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "all_proxy", "ALL_PROXY"]
        for name in names {
            if let value = variables[name], !value.isEmpty { return (name, value) }
        }
        return nil
    }
}

/// The hosts that are reached without a proxy: those in `no_proxy`, and this machine.
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
        // A bare IPv6 address has no port; every other entry is parsed like the host of a URL.
        if let listed = IPAddress(entry) { return listed == address }
        var name = entry
        while name.hasPrefix("*") || name.hasPrefix(".") { name.removeFirst() }
        // Like other programs, ignore an entry that is not a host: the variable belongs to the system.
        guard let listed = try? HTTPURL("http://\(name)") else { return false }
        if let port = listed.explicitPort, port != url.port { return false }
        if let listedAddress = IPAddress(listed.host) { return listedAddress == address }
        return url.host == listed.host || url.host.hasSuffix(".\(listed.host)")
    }
}

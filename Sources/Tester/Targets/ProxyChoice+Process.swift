public import MCPHTTPClient
import Platform

extension ProxyChoice {
    /// The proxy of this process's environment variables; none without them.
    public static var ofProcess: ProxyChoice {
        reading { name in getenv(name).map { String(cString: $0) } }
    }

    /// The proxy of the given environment variables; none without them.
    public static func reading(_ variable: (_ name: String) -> String?) -> ProxyChoice {
        // HTTP_PROXY in capitals is ignored: in a CGI program it comes from a request header.
        let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        let values = names.compactMap { name in variable(name).flatMap { $0.isEmpty ? nil : (name, $0) } }
        return values.isEmpty ? .none : .environment(Dictionary(values) { first, _ in first })
    }
}

public import MCPHTTPClient
import Platform

extension ProxyChoice {
    /// As the variables of this process say, or straight where they say nothing.
    public static var ofProcess: ProxyChoice {
        reading { name in getenv(name).map { String(cString: $0) } }
    }

    /// As variables say, or straight where they say nothing.
    public static func reading(_ variable: (_ name: String) -> String?) -> ProxyChoice {
        // HTTP_PROXY in capitals is not heeded: a CGI program takes it from a request.
        let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        let values = names.compactMap { name in variable(name).flatMap { $0.isEmpty ? nil : (name, $0) } }
        return values.isEmpty ? .none : .environment(Dictionary(values) { first, _ in first })
    }
}

/// The address at which a server serves HTTP although it was started to speak over its standard streams.
///
/// A script that ends with `mcp.run(transport="http")` is often given by its path. What it logs at its start tells: uvicorn
/// and the frameworks on it write a line with the address.
enum ServedAddress {
    /// The URL for a client, from the lines that the server wrote to standard error; nil if there is none.
    static func url(in lines: [String]) -> String? {
        let urls = lines.compactMap(url)
        return urls.first { !$0.path.isEmpty }.map { $0.origin + $0.path } ?? urls.first.map { $0.origin + "/mcp" }
    }

    private static func url(in line: String) -> (origin: String, path: String)? {
        guard let start = line.firstRange(of: "http://") else { return nil }
        let rest = line[start.upperBound...].prefix { !$0.isWhitespace && !"\"'`<>(),".contains($0) }
        let authority = rest.prefix { $0 != "/" }
        guard let colon = authority.lastIndex(of: ":"), UInt16(authority[authority.index(after: colon)...]) != nil
        else {
            return nil
        }
        let host = authority[..<colon]
        guard ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "[::]"].contains(host) else { return nil }
        // A client cannot connect to "all addresses".
        let reachable = ["0.0.0.0", "[::]"].contains(host) ? "127.0.0.1" : host
        let path = rest.dropFirst(authority.count)
        return ("http://\(reachable)\(authority[colon...])", path == "/" ? "" : String(path))
    }
}

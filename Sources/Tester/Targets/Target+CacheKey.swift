import Crypto
import MCPHTTPClient

extension Target {
    /// A name for what is known about the target, which does not reveal how it is reached.
    ///
    /// - Parameter directory: The working directory, which relative paths depend on.
    public func cacheKey(in directory: String) -> String {
        let parts: [String] =
            switch kind {
            case .process(let process):
                ["process", process.workingDirectory ?? directory, process.command] + process.arguments
                    + process.environment.keys.sorted()
            case .http(let endpoint): ["http", endpoint.url] + endpoint.headers.map(\.name)
            }
        return SHA256.hash(data: Array(parts.joined(separator: "\0").utf8)).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }
        .joined()
    }
}

import JSON
import MCPHTTP
import NIOCore
import NIOPosix

/// Looks whether a server that refused listens at the other loopback address: `127.0.0.1` and `::1` are easily mistaken.
///
/// The name `localhost` stands for both only where the system says so; often it has `127.0.0.1` alone.
enum LoopbackProbe {
    static func run(_ url: HTTPURL, on loop: any EventLoop, _ tell: @escaping @Sendable (Finding?) -> Void) {
        let other = url.host.contains(":") ? "127.0.0.1" : "::1"
        ClientBootstrap(group: loop).connectTimeout(.milliseconds(500)).connect(host: other, port: url.port)
            .whenComplete { result in
                guard case .success(let channel) = result else { return tell(nil) }
                channel.close(promise: nil)
                let both = url.host == "localhost" ? "" : ", or localhost, which tries both"
                let shown = other.contains(":") ? "[\(other)]" : other
                tell(
                    Finding(
                        sentence: "but somebody does at \(shown)",
                        advice: "Use \(url.scheme)://\(shown):\(url.port)\(url.path)\(both).",
                        evidence: ["listens_at": .string("\(shown):\(url.port)")]
                    )
                )
            }
    }
}

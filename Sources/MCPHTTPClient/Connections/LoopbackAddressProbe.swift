import JSON
import MCPHTTP
import NIOCore
import NIOPosix

/// Checks whether a server that refused the connection listens on the other loopback address.
///
/// `127.0.0.1` and `::1` are easily confused, and the name `localhost` stands for both only if the system is configured so.
enum LoopbackAddressProbe {
    static func run(
        _ url: HTTPURL,
        on loop: any EventLoop,
        _ completion: @escaping @Sendable (FailureDetails?) -> Void
    ) {
        let other = url.host.contains(":") ? "127.0.0.1" : "::1"
        ClientBootstrap(group: loop).connectTimeout(.seconds(2)).connect(host: other, port: url.port)
            .whenComplete { result in
                guard case .success(let channel) = result else { return completion(nil) }
                channel.close(promise: nil)
                let both = url.host == "localhost" ? "" : " or localhost, which tries both"
                let shown = other.contains(":") ? "[\(other)]" : other
                completion(
                    FailureDetails(
                        sentence: "something is listening on \(shown):\(url.port)",
                        advice: "Use \(url.scheme)://\(shown):\(url.port)\(url.path)\(both).",
                        evidence: ["listens_at": .string("\(shown):\(url.port)")]
                    )
                )
            }
    }
}

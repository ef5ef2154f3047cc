import MCPHTTP
import NIOCore
import NIOPosix

/// Looks whether anybody still listens where a connection broke: a server that died is another case than one that hung up.
///
/// Only on this machine, where the answer comes at once and is that of the server itself.
enum ListenerProbe {
    static func run(_ url: HTTPURL, on loop: any EventLoop, _ tell: @escaping @Sendable (Finding?) -> Void) {
        ClientBootstrap(group: loop).connectTimeout(.milliseconds(500)).connect(host: url.host, port: url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    channel.close(promise: nil)
                    tell(nil)
                case .failure(let error):
                    guard WireFailure.isRefused(error) else { return tell(nil) }
                    tell(
                        Finding(
                            sentence: "nobody listens at port \(url.port) any more",
                            advice:
                                "The server ended: read its own output for the cause, start it again and ask again.",
                            evidence: ["listens": false]
                        )
                    )
                }
            }
    }
}

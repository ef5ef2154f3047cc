import JSON
import MCPHTTP
import NIOCore
import NIOPosix

/// Looks whether anybody still listens where a connection broke: a server that died is another case than one that hung up.
///
/// Only on this machine, where the answer comes at once and is that of the server itself.
enum ListenerProbe {
    /// How long a process that is dying keeps its port after its connections, at most.
    private static let patience = TimeAmount.milliseconds(100)
    /// Between two looks.
    private static let pause = TimeAmount.milliseconds(5)

    static func run(
        _ url: HTTPURL,
        on loop: any EventLoop,
        until end: NIODeadline = .now() + patience,
        _ tell: @escaping @Sendable (Finding?) -> Void
    ) {
        ClientBootstrap(group: loop).connectTimeout(.milliseconds(500)).connect(host: url.host, port: url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    // One that is alive waits for what we ask; one that dies ends this connection, too.
                    let limit = loop.scheduleTask(deadline: end) { channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in
                        limit.cancel()
                        let next = NIODeadline.now() + pause
                        guard next < end else { return tell(nil) }
                        loop.scheduleTask(deadline: next) { run(url, on: loop, until: end, tell) }
                    }
                case .failure(let error): tell(WireFailure.isRefused(error) ? finding(url) : nil)
                }
            }
    }

    /// What to do about a server that was there a moment ago.
    static let advice = "The server ended: read its own output for the cause, start it again and ask again."

    private static func finding(_ url: HTTPURL) -> Finding {
        Finding(
            sentence: "nobody listens at port \(url.port) any more",
            advice: advice,
            evidence: ["listens": false]
        )
    }
}

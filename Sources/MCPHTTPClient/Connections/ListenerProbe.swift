import JSON
import MCPHTTP
import NIOCore
import NIOPosix

/// Checks whether a server still listens after it closed a connection, to tell a server that exited from one that only
/// closed the connection.
///
/// Used on this machine only, where the check is fast and reaches the server itself.
enum ListenerProbe {
    /// How long an exiting process keeps its port open after its connections, at most.
    private static let timeout = TimeAmount.milliseconds(100)
    /// The delay between two attempts.
    private static let delay = TimeAmount.milliseconds(5)

    static func run(
        _ url: HTTPURL,
        on loop: any EventLoop,
        until deadline: NIODeadline = .now() + timeout,
        _ completion: @escaping @Sendable (FailureDetails?) -> Void
    ) {
        ClientBootstrap(group: loop).connectTimeout(.milliseconds(500)).connect(host: url.host, port: url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    // A running server waits for a request; an exiting one closes this connection, too.
                    let limit = loop.scheduleTask(deadline: deadline) { channel.close(promise: nil) }
                    channel.closeFuture.whenComplete { _ in
                        limit.cancel()
                        retry(url, on: loop, until: deadline, completion)
                    }
                case .failure(let error) where NetworkError.isRefused(error): completion(details(url))
                // On a busy machine, connecting may time out.
                case .failure: retry(url, on: loop, until: deadline, completion)
                }
            }
    }

    private static func retry(
        _ url: HTTPURL,
        on loop: any EventLoop,
        until deadline: NIODeadline,
        _ completion: @escaping @Sendable (FailureDetails?) -> Void
    ) {
        let next = NIODeadline.now() + delay
        guard next < deadline else { return completion(nil) }
        loop.scheduleTask(deadline: next) { run(url, on: loop, until: deadline, completion) }
    }

    /// What to do if a server has exited.
    static let advice = "The server has exited: check its output for the cause, start it again and retry."

    private static func details(_ url: HTTPURL) -> FailureDetails {
        FailureDetails(
            sentence: "nothing is listening on \(url.hostWithPort) anymore",
            advice: advice,
            evidence: ["listens": false]
        )
    }
}

package import AsyncRuntime
package import MCPHTTP
package import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// Connections to an endpoint on which any HTTP request can be sent, and whose responses are passed on unjudged.
package final class PlainConnection: Sendable {
    /// A step of a response; ``ended(_:)`` is the last one.
    package enum Step: Sendable {
        /// The status and the headers.
        case head(status: Int, fields: [(name: String, value: String)])
        /// An event of a stream.
        case event(EventStreamEvent)
        /// The body of a response that is not a stream.
        case body([UInt8])
        /// The response is complete, or failed.
        case ended(TransportFailure?)
    }

    private let target: HTTPTarget
    private let pool: ConnectionPool

    /// Prepares connections; redirects are not followed.
    ///
    /// - Throws: `TransportFailure` of the kind `usage` or `proxy` if the endpoint cannot be used.
    package init(to endpoint: HTTPEndpoint, on clock: any Scheduler) throws(TransportFailure) {
        var endpoint = endpoint
        endpoint.followsRedirects = false
        target = try HTTPTarget(endpoint)
        pool = try ConnectionPool(target, scheduler: clock)
    }

    deinit {
        // The HTTP client must not be released while it is open; closing it twice does nothing.
        let pool = pool
        pool.loop.execute { pool.shutDown {} }
    }

    /// The headers of the user and of the endpoint's URL, which ``start(_:fields:body:onStep:)`` adds.
    package var userFields: [(name: String, value: String)] { target.fields.map { ($0.name, $0.value) } }

    /// Sends a request.
    ///
    /// - Parameter onStep: Called in order, on a thread of the connection.
    /// - Returns: What closes the response before its end.
    package func start(
        _ method: String,
        fields: [(name: String, value: String)],
        body: [UInt8]?,
        onStep: @escaping @Sendable (Step) -> Void
    ) -> @Sendable () -> Void {
        var headers = HTTPHeaders(fields.map { ($0.name, $0.value) })
        target.addFields(to: &headers)
        let request = ExchangeRequest(
            method: HTTPMethod(rawValue: method),
            url: target.url,
            fields: headers,
            body: body,
            userFields: target.userFields
        )
        let box = Box()
        let loop = pool.loop
        loop.execute { [pool] in
            let exchange = HTTPExchange(request, on: pool) { step in
                for step in Self.steps(step) { onStep(step) }
            }
            box.value.withLock { $0 = NIOLoopBound(exchange, eventLoop: loop) }
            exchange.start()
        }
        return { loop.execute { box.value.withLock { $0 }?.value.cancel() } }
    }

    /// Closes all connections.
    package func close() async {
        await pool.shutDown()
    }

    /// Shares a mutex between closures.
    private final class Box: Sendable {
        let value = Mutex<NIOLoopBound<HTTPExchange>?>(nil)
    }

    private static func steps(_ step: ExchangeStep) -> [Step] {
        switch step {
        case .streamStarted(let fields): [.head(status: 200, fields: fields.map { ($0.name, $0.value) })]
        case .event(let event): [.event(event)]
        case .streamEnded(let end): [.ended(end.failure)]
        case .response(let response):
            [
                .head(
                    status: Int(response.status.code),
                    fields: response.fields.map { ($0.name, $0.value) }
                ), .body(response.body), .ended(nil),
            ]
        case .failed(let failure): [.ended(failure)]
        }
    }
}

package import AsyncRuntime
import MCPHTTP
package import MCPTransport
import NIOCore
import NIOHTTP1

/// Whether something like an MCP endpoint is at a URL, by one request.
package struct EndpointProbe: Sendable {
    private let target: HTTPTarget
    /// Whether it is the GET that opens a stream of HTTP+SSE, rather than a POST.
    private let isGet: Bool

    /// What was answered.
    package struct Answer: Sendable {
        /// The status code.
        package var status: Int
        /// Whether the response is an event stream.
        package var isEventStream: Bool
    }

    /// Prepares the request.
    ///
    /// - Throws: `TransportFailure` if the endpoint cannot be used.
    package init(to endpoint: HTTPEndpoint, isGet: Bool) throws(TransportFailure) {
        var endpoint = endpoint
        endpoint.followsRedirects = false
        target = try HTTPTarget(endpoint)
        self.isGet = isGet
    }

    /// Sends the request; nil if nothing came within the limit.
    package func answer(within limit: Duration, on clock: any Scheduler) async -> Answer? {
        let pool: ConnectionPool
        do throws(TransportFailure) {
            pool = try ConnectionPool(target, scheduler: clock)
        } catch {
            return nil
        }
        let outcome = Latch<Answer?>()
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { outcome.open(nil) }
        let request = request
        pool.loop.execute {
            HTTPExchange(request, on: pool) { step in
                switch step {
                case .response(let response):
                    outcome.open(Answer(status: Int(response.status.code), isEventStream: false))
                case .streamStarted: outcome.open(Answer(status: 200, isEventStream: true))
                case .failed: outcome.open(nil)
                case .event, .streamEnded: break
                }
            }.start()
        }
        let answer = await outcome.waitUnlessCancelled() ?? nil
        deadline.cancel()
        await pool.shutDown()
        return answer
    }

    private var request: ExchangeRequest {
        let accept = isGet ? "text/event-stream" : "application/json, text/event-stream"
        var fields = HTTPHeaders([("Accept", accept)])
        if !isGet { fields.add(name: "Content-Type", value: "application/json") }
        target.addFields(to: &fields)
        return ExchangeRequest(
            method: isGet ? .GET : .POST,
            url: target.url,
            fields: fields,
            body: isGet ? nil : Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8),
            userFields: target.userFields
        )
    }
}

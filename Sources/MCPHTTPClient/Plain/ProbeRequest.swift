package import AsyncRuntime
import MCPHTTP
package import MCPTransport
import NIOCore
import NIOHTTP1

/// One request to an MCP server of which only the beginning of the response matters: status, headers, and the first message.
package struct ProbeRequest: Sendable {
    private let target: HTTPTarget

    /// The beginning of a response.
    package struct Response: Sendable {
        /// The status code.
        package var status: Int
        /// The headers, in order.
        package var fields: [(name: String, value: String)]
        /// The body, or the last event of a stream that was read.
        package var body: [UInt8]

        /// The values of a header; case is ignored.
        package func values(of name: String) -> [String] {
            fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
    }

    /// Prepares a request; redirects are not followed.
    ///
    /// - Throws: `TransportFailure` of the kind `usage` or `proxy` if the endpoint cannot be used.
    package init(to endpoint: HTTPEndpoint) throws(TransportFailure) {
        var endpoint = endpoint
        endpoint.followsRedirects = false
        target = try HTTPTarget(endpoint)
    }

    /// Sends the request and waits for the beginning of the response; the rest is not read.
    ///
    /// - Parameters:
    ///   - isLast: Whether an event of a stream is the last one to read.
    ///   - limit: The timeout for the whole exchange.
    ///   - clock: The clock of the timeout.
    package func send(
        _ method: String,
        fields: [(String, String)],
        body: [UInt8]?,
        within limit: Duration,
        on clock: any Scheduler,
        until isLast: @escaping @Sendable (_ event: [UInt8]) -> Bool
    ) async throws(PlainRequest.Failure) -> Response {
        var headers = HTTPHeaders(fields)
        target.addFields(to: &headers)
        let request = ExchangeRequest(
            method: HTTPMethod(rawValue: method),
            url: target.url,
            fields: headers,
            body: body,
            userFields: target.userFields
        )
        let pool: ConnectionPool
        do throws(TransportFailure) {
            pool = try ConnectionPool(target, scheduler: clock)
        } catch {
            throw .transport(error)
        }
        let outcome = Latch<Result<Response, PlainRequest.Failure>>()
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { outcome.open(.failure(.timeout(limit))) }
        pool.loop.execute {
            var stream = Response(status: 200, fields: [], body: [])
            HTTPExchange(request, on: pool) { step in
                switch step {
                case .streamStarted(let headers): stream.fields = headers.map { ($0.name, $0.value) }
                case .event(let event):
                    stream.body = event.data
                    if isLast(event.data) { outcome.open(.success(stream)) }
                case .streamEnded: outcome.open(.success(stream))
                case .response(let response):
                    outcome.open(
                        .success(
                            Response(
                                status: Int(response.status.code),
                                fields: response.fields.map { ($0.name, $0.value) },
                                body: response.body
                            )
                        )
                    )
                case .failed(let failure): outcome.open(.failure(.transport(failure)))
                }
            }.start()
        }
        let result = await outcome.waitUnlessCancelled() ?? .failure(.cancelled)
        deadline.cancel()
        await pool.shutDown()
        return try result.get()
    }
}

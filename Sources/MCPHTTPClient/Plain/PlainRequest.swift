package import AsyncRuntime
package import MCPHTTP
package import MCPTransport
import NIOCore
import NIOHTTP1

/// One POST of JSON to an endpoint that is not an MCP server, such as a model, with the same limits and errors as for MCP.
package struct PlainRequest: Sendable {
    private let target: HTTPTarget

    /// A response, whatever its status.
    package struct Response: Sendable {
        /// The status code.
        package var status: Int
        /// The headers, in order.
        package var fields: [(name: String, value: String)]
        /// The body, within the limit of the endpoint.
        package var body: [UInt8]

        /// The first value of a header; case is ignored.
        package func value(of name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Why there is no response.
    package enum Failure: Error, Sendable {
        /// The request or the response was not delivered.
        case transport(TransportFailure)
        /// There was no complete response within this time.
        case timeout(Duration)
        /// The calling task was cancelled.
        case cancelled
    }

    /// Prepares a request.
    ///
    /// Redirects are not followed, because what is sent is not meant for others.
    ///
    /// - Throws: `TransportFailure` of the kind `usage` or `proxy` if the endpoint cannot be used.
    package init(to endpoint: HTTPEndpoint) throws(TransportFailure) {
        var endpoint = endpoint
        endpoint.followsRedirects = false
        target = try HTTPTarget(endpoint)
    }

    /// The URL without its secrets.
    package var place: String { target.url.description }

    /// Removes the credentials of the endpoint from text that it sends back.
    package var secrets: SecretRedactor { target.secrets }

    /// Sends the request and waits for the complete response.
    ///
    /// Cancelling the task closes the connection.
    ///
    /// - Parameters:
    ///   - body: The JSON.
    ///   - limit: The timeout for the whole exchange.
    ///   - clock: The clock of the timeout.
    package func post(
        _ body: [UInt8],
        within limit: Duration,
        on clock: any Scheduler
    ) async throws(Failure) -> Response {
        let pool: ConnectionPool
        do throws(TransportFailure) {
            pool = try ConnectionPool(target, scheduler: clock)
        } catch {
            throw .transport(error)
        }
        let outcome = Latch<Result<Response, Failure>>()
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { outcome.open(.failure(.timeout(limit))) }
        let request = request(body)
        pool.loop.execute {
            HTTPExchange(request, on: pool) { step in
                if let result = Self.result(of: step) { outcome.open(result) }
            }.start()
        }
        let result = await outcome.waitUnlessCancelled() ?? .failure(.cancelled)
        deadline.cancel()
        await pool.shutDown()
        return try result.get()
    }

    private func request(_ body: [UInt8]) -> ExchangeRequest {
        var fields = HTTPHeaders([("Content-Type", "application/json"), ("Accept", "application/json")])
        target.addFields(to: &fields)
        return ExchangeRequest(
            method: .POST,
            url: target.url,
            fields: fields,
            body: body,
            userFields: target.userFields
        )
    }

    private static func result(of step: ExchangeStep) -> Result<Response, Failure>? {
        switch step {
        case .response(let response):
            return .success(
                Response(
                    status: Int(response.status.code),
                    fields: response.fields.map { ($0.name, $0.value) },
                    body: response.body
                )
            )
        case .failed(let failure): return .failure(.transport(failure))
        case .streamStarted:
            let reason = "the response is an event stream; expected one JSON object"
            return .failure(.transport(TransportFailure(.content, reason)))
        case .event, .streamEnded: return nil
        }
    }
}

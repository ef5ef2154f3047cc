package import AsyncRuntime
package import MCPHTTP
package import MCPTransport
import NIOCore
import NIOHTTP1

/// One request to an endpoint that is not an MCP server, such as a model or an authorization server, with the same limits and
/// errors as for MCP.
package struct PlainRequest: Sendable {
    private let target: HTTPTarget
    /// Why the host must not be reached at its addresses; nil reaches it wherever it is.
    ///
    /// The connection then goes to the checked addresses, so that a name cannot change its meaning in between. A proxy
    /// resolves names itself, so nothing is checked then.
    package var addressRefusal: (@Sendable ([IPAddress]) -> TransportFailure?)?
    /// Whether the head of an event stream counts as a response, with an empty body; otherwise it is a failure.
    package var acceptsEventStream = false

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

    /// Why a request failed.
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

    /// Sends JSON and waits for the complete response.
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
        let fields = [("Content-Type", "application/json"), ("Accept", "application/json")]
        return try await send("POST", fields: fields, body: body, within: limit, on: clock)
    }

    /// Sends a request and waits for the complete response.
    ///
    /// Cancelling the task closes the connection.
    ///
    /// - Parameters:
    ///   - limit: The timeout for the whole exchange, apart from the resolution of the name.
    ///   - clock: The clock of the timeout.
    package func send(
        _ method: String,
        fields: [(String, String)],
        body: [UInt8]?,
        within limit: Duration,
        on clock: any Scheduler
    ) async throws(Failure) -> Response {
        var headers = HTTPHeaders(fields)
        target.addFields(to: &headers)
        let request = ExchangeRequest(
            method: HTTPMethod(rawValue: method),
            url: target.url,
            fields: headers,
            body: body,
            userFields: target.userFields
        )
        guard let addressRefusal, target.route.proxy == nil else {
            return try await send(request, to: nil, within: limit, on: clock)
        }
        let addresses = await HostAddresses.resolve(target.url.host)
        guard !addresses.isEmpty else {
            throw .transport(TransportFailure(.unknownHost, "host not found: \(target.url.host)"))
        }
        if let refusal = addressRefusal(addresses.map(\.address)) { throw .transport(refusal) }
        // One address may be unreachable from here, such as an IPv6 one.
        for address in addresses.dropLast().prefix(3) {
            do throws(Failure) {
                return try await send(request, to: address.text, within: limit, on: clock)
            } catch {
                guard case .transport(let failure) = error, [.refused, .unreachable].contains(failure.kind) else {
                    throw error
                }
            }
        }
        return try await send(request, to: addresses.last?.text, within: limit, on: clock)
    }

    private func send(
        _ request: ExchangeRequest,
        to address: String?,
        within limit: Duration,
        on clock: any Scheduler
    ) async throws(Failure) -> Response {
        let pool: ConnectionPool
        do throws(TransportFailure) {
            pool = try ConnectionPool(target, scheduler: clock, address: address)
        } catch {
            throw .transport(error)
        }
        let outcome = Latch<Result<Response, Failure>>()
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { outcome.open(.failure(.timeout(limit))) }
        let acceptsEventStream = acceptsEventStream
        pool.loop.execute {
            HTTPExchange(request, on: pool) { step in
                if let result = Self.result(of: step, acceptsEventStream) { outcome.open(result) }
            }.start()
        }
        let result = await outcome.waitUnlessCancelled() ?? .failure(.cancelled)
        deadline.cancel()
        await pool.shutDown()
        return try result.get()
    }

    private static func result(
        of step: ExchangeStep,
        _ acceptsEventStream: Bool
    ) -> Result<Response, Failure>? {
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
        case .streamStarted(let fields) where acceptsEventStream:
            // Only a success is taken for a stream.
            return .success(Response(status: 200, fields: fields.map { ($0.name, $0.value) }, body: []))
        case .streamStarted:
            let reason = "the response is an event stream; expected one JSON object"
            return .failure(.transport(TransportFailure(.content, reason)))
        case .event, .streamEnded: return nil
        }
    }
}

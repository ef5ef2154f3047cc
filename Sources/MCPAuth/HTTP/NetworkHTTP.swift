public import AsyncRuntime
import MCPHTTP
public import MCPHTTPClient
import MCPTransport

/// Sends the requests of authorizations over the network.
public struct NetworkHTTP: Sendable {
    /// How hosts are reached: TLS and proxy.
    private let endpoint: HTTPEndpoint
    private let settings: AuthorizationSettings
    private let clock: any Scheduler
    private let sendsHeaders: Bool

    /// Prepares to send requests.
    ///
    /// - Parameters:
    ///   - endpoint: The server's endpoint, whose TLS and proxy settings also hold here.
    ///   - sendsHeaders: Whether requests to the server itself have the headers of the endpoint, except credentials. No
    ///     other request has them, because they are meant for the server.
    public init(
        like endpoint: HTTPEndpoint,
        _ settings: AuthorizationSettings,
        clock: any Scheduler,
        sendsHeaders: Bool = false
    ) {
        self.endpoint = endpoint
        self.settings = settings
        self.clock = clock
        self.sendsHeaders = sendsHeaders
    }

    private static let sizeAdvice = "Let this URL answer with one short JSON document, or with 404."

    /// The headers of the endpoint for a request; a browser's OPTIONS has none.
    private func headers(of request: AuthRequest) -> [HTTPField] {
        guard sendsHeaders, request.method != .options, request.url == settings.server else { return [] }
        return endpoint.headers.filter { $0.name.lowercased() != "authorization" }
    }

    /// Sends one request.
    public func send(_ request: AuthRequest) async throws(AuthHTTPFailure) -> AuthResponse {
        var endpoint = HTTPEndpoint(url: request.url.requestText, tls: self.endpoint.tls, proxy: self.endpoint.proxy)
        endpoint.headers = headers(of: request)
        endpoint.limits.responseBytes = settings.limits.responseBytes
        endpoint.limits.connect = min(endpoint.limits.connect, settings.limits.exchange)
        let policy = settings.policy
        var plain: PlainRequest
        do throws(TransportFailure) {
            plain = try PlainRequest(to: endpoint)
        } catch {
            throw AuthHTTPFailure(error.message, advice: error.advice)
        }
        // A server under test may answer with a stream; that it does is enough.
        plain.acceptsEventStream = request.fields.contains { $0.value.contains("text/event-stream") }
        if policy.checksAddresses(of: request.url) {
            plain.addressRefusal = { addresses in
                policy.refusal(of: addresses, for: request.url).map { refusal in
                    TransportFailure(.usage, refusal.message, advice: refusal.advice)
                }
            }
        }
        do throws(PlainRequest.Failure) {
            let response = try await plain.send(
                request.method.rawValue,
                fields: request.fields.map { ($0.name, $0.value) },
                body: request.method == .post ? request.body : nil,
                within: settings.limits.exchange,
                on: clock
            )
            return AuthResponse(
                status: response.status,
                fields: response.fields.map { .init($0.name, $0.value) },
                body: response.body
            )
        } catch {
            switch error {
            case .transport(let failure):
                var reported = AuthHTTPFailure(
                    failure.message,
                    // No option raises this limit, because these responses are small.
                    advice: failure.kind == .tooLarge ? Self.sizeAdvice : failure.advice,
                    isRefusedAddress: failure.kind == .usage
                )
                reported.isNoServer = failure.kind == .refused || failure.kind == .unknownHost
                throw reported
            case .timeout(let limit):
                throw AuthHTTPFailure(
                    "\(request.url) did not answer within \(limit.seconds)",
                    advice: "Find out why this URL is slow, and let it answer within \(limit.seconds)."
                )
            case .cancelled: throw AuthHTTPFailure("the request to \(request.url) was cancelled")
            }
        }
    }
}

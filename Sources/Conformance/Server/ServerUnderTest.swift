package import AsyncRuntime
import JSON
import MCPHTTP
import MCPHTTPClient
package import MCPTransport
package import Tester

/// How connections to the server are opened, as many as checks need.
package struct ServerUnderTest: Sendable {
    /// The transport on which it is checked.
    package var kind: TransportKind
    let clock: any Scheduler
    let openWire: @Sendable () async throws -> any Wire
    /// Opens a wire whose process has time to exit by itself; nil unless the server is a process of ours.
    private(set) var openPatientWire: (@Sendable () async throws -> any Wire)?
    /// How long that exit may take: much longer than it takes, unless the machine is overloaded.
    static let exitLimit = Duration.seconds(10)
    /// Starts requests to another URL, or without the user's credentials; nil unless the server is reached over HTTP.
    let startHTTP: (@Sendable (_ url: String?, _ hasCredentials: Bool) throws -> HTTPWire.Start)?
    /// The URL; nil for a process.
    let url: String?
    /// The header `Authorization` that requests carry; nil for none.
    private let authorization: String?

    init(
        kind: TransportKind,
        clock: any Scheduler,
        url: String? = nil,
        authorization: String? = nil,
        startHTTP: (@Sendable (_ url: String?, _ hasCredentials: Bool) throws -> HTTPWire.Start)? = nil,
        openWire: @escaping @Sendable () async throws -> any Wire
    ) {
        self.kind = kind
        self.clock = clock
        self.url = url
        self.authorization = authorization
        self.startHTTP = startHTTP
        self.openWire = openWire
    }

    /// Whether requests carry credentials.
    var hasCredentials: Bool { authorization != nil }

    /// The bearer token of requests; nil for none.
    var token: String? {
        guard let words = authorization?.split(separator: " "), words.count == 2, words[0].lowercased() == "bearer"
        else { return nil }
        return String(words[1])
    }

    /// The server behind a transport that carries all messages in order.
    package init(
        lines kind: TransportKind,
        clock: any Scheduler,
        _ makeTransport: @escaping @Sendable () -> any ClientTransport
    ) {
        self.init(kind: kind, clock: clock) { try await LineWire(makeTransport(), clock: clock) }
    }

    /// A target, on the transport that it has.
    ///
    /// - Parameter kind: The transport that a connection to the target has found.
    package init(
        _ target: Target,
        kind: TransportKind,
        clock: any Scheduler,
        makeTransport: @escaping @Sendable (Target) -> any ClientTransport
    ) {
        guard case .http(let endpoint) = target.kind else {
            self.init(lines: kind, clock: clock) { makeTransport(target) }
            let patient = target.granting(exit: Self.exitLimit)
            openPatientWire = { try await LineWire(makeTransport(patient), clock: clock) }
            return
        }
        let start: @Sendable (String?, Bool) throws -> HTTPWire.Start = { url, hasCredentials in
            var other = endpoint
            if let url { other.url = url }
            if !hasCredentials { other.headers = [] }
            let connection = try PlainConnection(to: other, on: clock)
            return { connection.start($0, fields: $1, body: $2, onStep: $3) }
        }
        self.init(
            kind: kind,
            clock: clock,
            url: endpoint.url,
            authorization: endpoint.headers.first { $0.name.lowercased() == "authorization" }?.value,
            startHTTP: start
        ) {
            if kind == .sse {
                var sse = endpoint
                sse.transport = .sse
                return try await LineWire(HTTPClientTransport.make(sse, scheduler: clock), clock: clock)
            }
            let connection = try PlainConnection(to: endpoint, on: clock)
            return HTTPWire(
                clock: clock,
                start: { connection.start($0, fields: $1, body: $2, onStep: $3) },
                onClose: { await connection.close() }
            )
        }
    }
}

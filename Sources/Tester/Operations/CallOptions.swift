public import MCPClient
public import MCPHTTPClient

/// The options of a call: connection, limits, headers, and prepared answers.
public struct CallOptions: Sendable {
    /// The name or the id of the connection (default: the current one).
    public var connection: String?
    /// The limits (default: those of the connection).
    public var limits: ConnectionLimits?
    /// Headers of the requests over HTTP.
    public var headers: [HTTPField]
    /// Prepared answers to input requests of the target.
    public var input: InputPlan
    /// Receives what the target reports meanwhile.
    public var relay: (any CallRelay)?

    /// Creates options.
    public init(
        on connection: String? = nil,
        limits: ConnectionLimits? = nil,
        headers: [HTTPField] = [],
        input: InputPlan = InputPlan(),
        relay: (any CallRelay)? = nil
    ) {
        self.connection = connection
        self.limits = limits
        self.headers = headers
        self.input = input
        self.relay = relay
    }
}

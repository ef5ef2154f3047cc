public import MCPClient
public import MCPHTTPClient

/// How a target is called: on which connection, within which limits, and what is ready for its questions.
public struct CallOptions: Sendable {
    /// The name or the id of the connection; the current one without it.
    public var connection: String?
    /// How long to wait; the limits of the connection without it.
    public var limits: ConnectionLimits?
    /// Fields for the head of the requests, over HTTP.
    public var headers: [HTTPField]
    /// What is ready for what the target asks.
    public var input: InputPlan
    /// Takes what the target tells meanwhile.
    public var relay: CallRelay?

    /// Creates options.
    public init(
        on connection: String? = nil,
        limits: ConnectionLimits? = nil,
        headers: [HTTPField] = [],
        input: InputPlan = InputPlan(),
        relay: CallRelay? = nil
    ) {
        self.connection = connection
        self.limits = limits
        self.headers = headers
        self.input = input
        self.relay = relay
    }
}

public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// The request that a handler serves, and what it can send to the client meanwhile.
///
/// The handler's task is cancelled when the client cancels the request or disconnects; its result is then discarded.
public struct RequestContext: Sendable {
    /// What belongs to a round after the first.
    private struct Round {
        var responses: JSONObject = [:]
        var errors: [String: RPCError] = [:]
        var state: String?
    }

    /// Boxed, because a context is copied often and most have none.
    private indirect enum Input {
        case none
        case of(Round)
    }

    private(set) var exchange: InFlightRequest
    private var input = Input.none

    private var round: Round {
        get { if case .of(let round) = input { round } else { Round() } }
        set { input = .of(newValue) }
    }

    init(_ exchange: InFlightRequest) {
        self.exchange = exchange
    }

    /// The ID of the conversation, unique in this process.
    public var session: String { exchange.origin.session }
    /// On whose behalf the request is made.
    public var principal: Principal { exchange.origin.host.principal }
    /// The owner of what a handler keeps for later requests.
    public var owner: StateOwner {
        exchange.origin.host.span == .session ? .session(session) : .principal(principal)
    }
    /// The client that sent the request.
    public var caller: Caller { exchange.origin.caller }
    /// The responses to the input requests of the previous round, by key; empty in the first round.
    public internal(set) var inputResponses: JSONObject {
        get { round.responses }
        set { round.responses = newValue }
    }
    /// By what errors questions of the round before were refused, by their keys; only where ``Server/deliversInputErrors`` is set.
    public internal(set) var inputErrors: [String: RPCError] {
        get { round.errors }
        set { round.errors = newValue }
    }
    /// Whether this round may still request input.
    ///
    /// In the legacy era the number of rounds is limited, and the request then fails. A handler that can do without input
    /// should do so now.
    public internal(set) var mayAsk = true
    /// The state that the handler attached to its input requests, for the same caller and the same request.
    public internal(set) var requestState: String? {
        get { round.state }
        set { round.state = newValue }
    }

    /// The ID of the request.
    public var id: RequestID { exchange.id }

    /// The revision at which the request is served.
    public var revision: Revision { caller.revision }

    /// Reports progress if the client asked for it.
    ///
    /// - Parameters:
    ///   - progress: How much is done. It is not sent unless it has increased.
    ///   - total: How much there is to do, in the same unit.
    ///   - message: A description for people.
    ///
    /// Source: "Progress", all revisions.
    public func reportProgress(_ progress: Double, total: Double? = nil, message: String? = nil) {
        guard let token = exchange.progressToken, exchange.advances(to: progress) else { return }
        let params = ProgressParams(token: token, progress: progress, total: total, message: message)
        notify(.progress, params)
    }

    /// Sends a log message if the client's minimum level allows it.
    ///
    /// Source: "Logging", all revisions.
    public func log(_ level: LogLevel, _ data: JSONValue, logger: String? = nil) {
        guard let least = caller.logLevel, level >= least else { return }
        notify(.message, LogMessageParams(level: level, data: data, logger: logger))
    }

    /// Releases the connection of the request if the transport supports it; the client reconnects for the rest.
    ///
    /// - Parameter retry: The delay before the client reconnects, in milliseconds.
    ///
    /// Source: 2025-11-25, "Streamable HTTP", "Sending messages to the server"; nothing in the other revisions.
    public func releaseConnection(retry: Int) {
        exchange.pause(retry: retry)
    }

    /// The same context for work that continues after the response: it can send nothing more.
    func detached() -> RequestContext {
        var context = self
        context.exchange = exchange.detached()
        return context
    }

    private func notify(_ name: NotificationName, _ params: some JSONObjectView) {
        let object = params.trimmed(to: revision).jsonValue
        exchange.send(Message.encode(method: name.rawValue, params: JSONText(object)))
    }
}

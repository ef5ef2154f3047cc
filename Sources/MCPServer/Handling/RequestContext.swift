public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// What a handler knows of the request it serves, and its way back to the client.
///
/// The task of a handler is cancelled when the client gives up or leaves; nothing it returns then is sent.
public struct RequestContext: Sendable {
    /// The conversation that the request came in; distinct in this process.
    public let session: String
    /// On whose behalf the request is made.
    public let principal: Principal
    /// To whom belongs what a handler keeps for later requests.
    public let owner: StateOwner
    /// Who asks.
    public let caller: Caller
    /// The answers to the questions of the round before, by their keys; empty in the first round.
    public internal(set) var inputResponses: JSONObject = [:]
    /// By what errors questions of the round before were refused, by their keys; only where ``Server/deliversInputErrors`` is set.
    public internal(set) var inputErrors: [String: RPCError] = [:]
    /// Whether questions of this round would lead anywhere.
    ///
    /// A client of the legacy era is asked only so often; then the request fails. Who can go on in another way does so now.
    public internal(set) var mayAsk = true
    /// What the handler gave with its questions: as it gave it, for the same caller and the same request.
    public internal(set) var requestState: String?

    private(set) var exchange: InFlightRequest

    init(session: String, host: HostLink, caller: Caller, exchange: InFlightRequest) {
        self.session = session
        principal = host.principal
        owner = host.span == .session ? .session(session) : .principal(host.principal)
        self.caller = caller
        self.exchange = exchange
    }

    /// The id of the request.
    public var id: RequestID { exchange.id }

    /// The revision of the protocol that the request is served in.
    public var revision: Revision { caller.revision }

    /// Tells how far the work has come, if the client wants to know.
    ///
    /// - Parameters:
    ///   - progress: How much is done; what is not more than the last time is not sent.
    ///   - total: How much there is to do, in the same unit.
    ///   - message: What is being done, for people.
    ///
    /// Source: "Progress", all revisions.
    public func reportProgress(_ progress: Double, total: Double? = nil, message: String? = nil) {
        guard let token = exchange.progressToken, exchange.advances(to: progress) else { return }
        let params = ProgressParams(token: token, progress: progress, total: total, message: message)
        notify(.progress, params)
    }

    /// Sends a log message, if the server logs and the client wants messages of that level.
    ///
    /// Source: "Logging", all revisions.
    public func log(_ level: LogLevel, _ data: JSONValue, logger: String? = nil) {
        guard let least = caller.logLevel, level >= least else { return }
        notify(.message, LogMessageParams(level: level, data: data, logger: logger))
    }

    /// Lets go of the connection that the request came by, if the transport can: the client comes back for the rest.
    ///
    /// - Parameter retry: After how many milliseconds the client is to come back.
    ///
    /// Source: 2025-11-25, "Streamable HTTP", "Sending messages to the server"; nothing in the other revisions.
    public func releaseConnection(retry: Int) {
        exchange.pause(retry: retry)
    }

    /// The same for work that goes on when the request has been answered: nothing of it can be sent any more.
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

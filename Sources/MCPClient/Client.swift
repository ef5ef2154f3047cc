public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport
import Synchronization

/// A connection to a server, at the negotiated revision.
///
/// It sends nothing on its own initiative: connecting lists nothing, and a call is one request.
public final class Client: Sendable {
    /// The negotiated revision, and why it was chosen.
    public let verdict: EraVerdict
    /// The result of `initialize` or `server/discover`, as received.
    public let greeting: JSONText
    /// The link underneath, with its transcript and events.
    public let link: ClientLink
    /// The options of the connection.
    public let options: ClientOptions

    let tools: MirroredTools
    let listenCount = Atomic<Int>(0)
    private let stamp: RequestStamp
    /// The same with the tasks extension declared.
    private let taskStamp: RequestStamp
    /// Whether the transport repeats parts of a request in header fields.
    private let repeatsHeads: Bool
    private let sessions = SessionRenewal()

    private init(_ agreement: Negotiation.Agreement, options: ClientOptions) {
        verdict = agreement.verdict
        greeting = agreement.greeting
        link = agreement.link
        self.options = options
        let revision = agreement.verdict.revision
        let isModern = revision.era == .modern
        stamp = isModern ? .modern(revision, options: options) : .legacy
        taskStamp = isModern ? .modern(revision, options: options, extensions: [.tasks]) : .legacy
        repeatsHeads = agreement.link.transport.kind != .stdio
        tools = MirroredTools(
            areNeeded: agreement.link.transport.kind == .streamableHTTP && revision.has(.routingHeaders)
        )
    }

    /// Opens a transport, negotiates the revision and finishes the handshake if there is one.
    ///
    /// The closure may be called twice: a server that exits on an unknown first message is started again.
    ///
    /// - Throws: ``ConnectFailure``.
    public static func connect(
        options: ClientOptions,
        scheduler: any Scheduler = SystemScheduler.shared,
        transport: @escaping @Sendable () async throws -> any ClientTransport
    ) async throws(ConnectFailure) -> Client {
        var negotiation = Negotiation(options: options, scheduler: scheduler, makeTransport: transport)
        return Client(try await negotiation.run(), options: options)
    }

    /// The negotiated revision.
    public var revision: Revision { verdict.revision }

    /// The server's name and version, if it reported them.
    public var serverInfo: Implementation? {
        let json = greeting.value().object ?? [:]
        return revision.era == .modern
            ? DiscoverResult(json: json).serverInfo : InitializeResult(json: json).serverInfo
    }

    /// The server's declared capabilities.
    public var capabilities: ServerCapabilities {
        ServerCapabilities(json: greeting["capabilities"]?.value().object ?? [:])
    }

    /// The server's instructions for models.
    public var instructions: String? {
        greeting["instructions"]?.string
    }

    /// Closes the connection.
    @discardableResult
    public func close() async -> TransportEnd {
        await link.close()
    }

    // MARK: - Requests

    /// Sends a request of any method and waits for its result.
    ///
    /// If the server requests input, the handlers provide it and the request is repeated, at most
    /// ``ClientOptions/roundLimit`` times. Limits, progress and cancellation apply to the whole call. Cancelling the task
    /// cancels the request at the server.
    ///
    /// - Parameters:
    ///   - fields: HTTP headers for this request only. With one of the protocol's own headers, the request is never
    ///     corrected and repeated.
    ///   - force: Calls a tool even if its schema makes it uncallable (see ``toolFaults``).
    ///   - onProgress: Receives the parameters of each progress notification. Progress is requested in any case.
    ///   - onInputRequest: Answers the input requests of this call in place of the connection's handlers, which still decide
    ///     what is declared.
    /// - Throws: ``CallError`` with the server's error, or why there is no usable response.
    public func request(
        _ method: Method,
        _ params: RequestParams = RequestParams(),
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        force: Bool = false,
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> CallResult {
        try await perform(
            Call(
                method: method,
                params: params,
                limits: limits ?? options.limits.call,
                fields: fields,
                force: force,
                onProgress: onProgress,
                onInputRequest: onInputRequest
            )
        )
    }

    /// Performs a call with all of its rounds.
    @inline(__always)
    func perform(_ call: Call) async throws(CallError) -> CallResult {
        var rounds = Rounds(call, of: self)
        return try await rounds.run()
    }

    /// Creates the request for one round of a call.
    func prepare(_ call: Call) throws(CallError) -> OutgoingRequest {
        let id = call.id ?? link.peer.nextID()
        let stamp = call.declaresTasks ? taskStamp : stamp
        let isQuick = call.isQuick
        let bytes = stamp.request(
            call.method,
            call.params,
            id: id,
            progressToken: isQuick ? nil : id,
            logLevel: link.state.withLock { $0.logLevel.current }
        )
        var head = FrameHead()
        if repeatsHeads {
            head = FrameHead(call.method, call.params, stamp: stamp)
            head.fields = call.fields
            if call.method == .toolsCall {
                if !call.force, let reason = tools.refusal(of: head.name) {
                    throw CallError(cause: .refused(reason), id: id, request: bytes, elapsed: .zero)
                }
                head.arguments = tools.mirrored(by: head.name, call.params["arguments"])
            }
        }
        return OutgoingRequest(
            bytes,
            id: id,
            head: head,
            limits: call.limits,
            exchange: OpenExchange(
                token: call.params.meta?["progressToken"].flatMap { RequestID($0) },
                canAsk: !isQuick,
                onProgress: call.onProgress,
                onInputRequest: call.onInputRequest
            )
        )
    }

    /// The number of the current session; waits while a new one is being opened.
    @inline(__always)
    func session() async -> Int {
        if let session = sessions.settled { return session }
        // If there is no new session, the server's own error says why.
        _ = await renewSession(sessions.current)
        return sessions.current
    }

    /// A request of any method as it would be sent now, without sending it.
    ///
    /// - Returns: Its bytes, with the ID that the next request will have, and how the transport would carry them.
    public func preview(
        _ method: Method,
        params: JSONObject? = nil,
        fields: [(name: String, value: String)] = []
    ) async -> (bytes: [UInt8], carrier: JSONObject?) {
        let call = Call(
            method: method,
            params: params.map(RequestParams.init) ?? RequestParams(),
            limits: options.limits.call,
            fields: fields,
            // So that it is shown even if it would be refused.
            force: true,
            id: link.peer.upcomingID
        )
        do throws(CallError) {
            let sending = try prepare(call)
            let frame = OutgoingFrame(bytes: sending.bytes, request: sending.id, head: sending.head)
            return (sending.bytes, await link.transport.preview(of: frame))
        } catch {
            return (error.request, nil)
        }
    }

    /// Bytes as they would be sent now, without sending them: how the transport would carry them.
    public func preview(raw bytes: [UInt8], fields: [(name: String, value: String)] = []) async -> JSONObject? {
        var head = FrameHead(reading: Frame(received: bytes))
        head.fields = fields
        return await link.transport.preview(of: OutgoingFrame(bytes: bytes, head: head))
    }

    /// Opens a new session if the old one is lost.
    ///
    /// - Returns: Whether that was why the request failed.
    func renew(_ session: Int, after error: CallError) async throws(CallError) -> Bool {
        guard revision.era == .legacy, case .broken(var loss) = error.cause, loss.kind == .sessionLost else {
            return false
        }
        guard let obstacle = await renewSession(session) else { return true }
        var error = error
        if case .cancelled = obstacle {
            error.cause = .failed(.cancelled)
        } else {
            loss.message += "; a new session could not be opened: \(obstacle)"
            error.cause = .broken(loss)
        }
        throw error
    }

    private func renewSession(_ lost: Int) async -> CallFailure? {
        await sessions.renew(lost) {
            await link.renewSession(OpeningRequest(at: revision, options: options), limit: options.limits.connect)
        }
    }

    /// Sends bytes unchanged, however invalid, and waits for the response.
    ///
    /// The response is matched by the ID in the bytes. Bytes without a readable ID wait for an error without an ID. Nothing
    /// is ever repeated, even if the session is lost.
    ///
    /// - Throws: ``CallError``.
    public func send(
        raw bytes: [UInt8],
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = []
    ) async throws(CallError) -> CallResult {
        let frame = Frame(received: bytes)
        var head = FrameHead(reading: frame)
        head.fields = fields
        var exchange = OpenExchange()
        var isCancellable = false
        let id: RequestID
        switch frame.content {
        case .message(.request(let request)):
            id = request.id
            isCancellable = true
            exchange.token = request.params?["_meta"]?["progressToken"].flatMap { RequestID($0.value()) }
        case .message(.invalid(let given?, _)): id = given
        default: id = link.peer.nextID()
        }
        let request = OutgoingRequest(
            bytes,
            id: id,
            head: head,
            limits: limits ?? options.limits.call,
            isCancellable: isCancellable,
            exchange: exchange
        )
        return try await send(request, since: link.scheduler.now)
    }

    /// Sends bytes unchanged and does not wait for a response.
    ///
    /// - Throws: ``TransportFailure`` if the connection is closed.
    public func post(raw bytes: [UInt8], fields: [(name: String, value: String)] = []) throws {
        var head = FrameHead(reading: Frame(received: bytes))
        head.fields = fields
        try link.post(bytes, head: head)
    }

    /// Sends a request and waits for its result.
    ///
    /// - Parameter began: When the attempts to send it began, for the time that a failure took.
    func send(
        _ request: OutgoingRequest,
        since began: ContinuousClock.Instant
    ) async throws(CallError) -> CallResult {
        let reply: Reply
        do throws(CallFailure) {
            reply = try await link.request(request)
        } catch {
            let elapsed = began.duration(to: link.scheduler.now)
            throw CallError(cause: .init(error), id: request.id, request: request.bytes, elapsed: elapsed)
        }
        switch reply.result {
        case .success(let result):
            return CallResult(
                id: request.id,
                result: result,
                elapsed: reply.elapsed,
                requests: [request.id],
                request: request.bytes
            )
        case .failure(let error):
            throw CallError(cause: .rejected(error), id: request.id, request: request.bytes, elapsed: reply.elapsed)
        }
    }
}

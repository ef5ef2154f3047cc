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
        scheduler: any Scheduler,
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
    func perform(_ call: Call) async throws(CallError) -> CallResult {
        var rounds = Rounds(call, of: self)
        return try await rounds.run()
    }

    /// Performs one round of a call.
    func ask(_ call: Call) async throws(CallError) -> CallResult {
        do throws(CallError) {
            return try await askOnce(call)
        } catch {
            guard call.maySendAgain, await relistTools(after: error, calling: call.method) else { throw error }
            return try await askOnce(call)
        }
    }

    private func askOnce(_ call: Call) async throws(CallError) -> CallResult {
        let sending = try prepare(call)
        // If there is no new session, the server's own error says why.
        if sessions.isRunning { _ = await renewSession(sessions.current) }
        let session = sessions.current
        do throws(CallError) {
            return try await send(sending)
        } catch {
            guard call.maySendAgain, try await renew(session, after: error) else { throw error }
            // The lost session did not process the request, so its ID is still unused.
            return try await send(sending)
        }
    }

    private func prepare(_ call: Call) throws(CallError) -> Sending {
        let id = call.id ?? link.peer.nextID()
        let stamp = call.declaresTasks ? taskStamp : stamp
        let isQuick = call.isQuick
        let text = stamp.stamp(
            call.params,
            progressToken: isQuick ? nil : id,
            logLevel: link.state.withLock { $0.logLevel.current }
        )
        var sending = Sending(
            bytes: Message.encode(id: id, method: call.method.rawValue, params: text),
            id: id,
            head: FrameHead(call.method, call.params, stamp: stamp),
            limits: call.limits,
            exchange: OpenExchange(
                token: call.params.meta?["progressToken"].flatMap { RequestID($0) },
                canAsk: !isQuick,
                onProgress: call.onProgress,
                onInputRequest: call.onInputRequest
            )
        )
        sending.head.fields = call.fields
        if call.method == .toolsCall {
            if !call.force, let reason = tools.refusal(of: sending.head.name) {
                throw CallError(cause: .refused(reason), id: id, request: sending.bytes, elapsed: .zero)
            }
            sending.head.arguments = tools.mirrored(by: sending.head.name, call.params["arguments"])
        }
        return sending
    }

    /// A request of any method as it would be sent now, without sending it.
    ///
    /// - Returns: Its bytes, with the ID that the next request will have, and how the transport would carry them.
    public func preview(
        _ method: Method,
        params: JSONObject? = nil,
        fields: [(name: String, value: String)] = []
    ) async -> (bytes: [UInt8], carrier: JSONObject?) {
        var call = Call(
            method: method,
            params: params.map(RequestParams.init) ?? RequestParams(),
            limits: options.limits.call
        )
        call.fields = fields
        // Forced, so that it is shown even if it would be refused.
        call.force = true
        call.id = link.peer.upcomingID
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
    private func renew(_ session: Int, after error: CallError) async throws(CallError) -> Bool {
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
        var sending = Sending(
            bytes: bytes,
            id: 0,
            head: FrameHead(reading: frame),
            limits: limits ?? options.limits.call,
            isCancellable: false
        )
        sending.head.fields = fields
        switch frame.content {
        case .message(.request(let request)):
            sending.id = request.id
            sending.isCancellable = true
            sending.exchange.token = request.params?["_meta"]?["progressToken"].flatMap { RequestID($0.value()) }
        case .message(.invalid(let id?, _)): sending.id = id
        default: sending.id = link.peer.nextID()
        }
        return try await send(sending)
    }

    /// Sends bytes unchanged and does not wait for a response.
    ///
    /// - Throws: ``TransportFailure`` if the connection is closed.
    public func post(raw bytes: [UInt8], fields: [(name: String, value: String)] = []) throws {
        var head = FrameHead(reading: Frame(received: bytes))
        head.fields = fields
        try link.post(bytes, head: head)
    }

    private func send(_ sending: Sending) async throws(CallError) -> CallResult {
        let began = link.scheduler.now
        let reply: Reply
        do throws(CallFailure) {
            reply = try await link.request(
                sending.bytes,
                id: sending.id,
                head: sending.head,
                limits: sending.limits,
                isCancellable: sending.isCancellable,
                exchange: sending.exchange
            )
        } catch {
            let elapsed = began.duration(to: link.scheduler.now)
            throw CallError(cause: .init(error), id: sending.id, request: sending.bytes, elapsed: elapsed)
        }
        switch reply.result {
        case .success(let result):
            return CallResult(
                id: sending.id,
                result: result,
                elapsed: reply.elapsed,
                requests: [sending.id],
                request: sending.bytes
            )
        case .failure(let error):
            throw CallError(cause: .rejected(error), id: sending.id, request: sending.bytes, elapsed: reply.elapsed)
        }
    }
}

public import AsyncRuntime
import JSON
public import JSONRPC
import MCP
public import MCPTransport
import Synchronization

/// One host's conversation with a server: takes its frames, runs handlers and sends responses.
///
/// Both eras are served at once: a request with the envelope of the stateless era stands alone, any other belongs to the
/// session that `initialize` opened. Handlers start in the order in which their requests arrive.
/// Source: 2026-07-28, "Versioning", backward compatibility; JSON-RPC 2.0.
public final class ServerSession: ServerConversation {
    struct State {
        var legacy: LegacySession?
        /// Notifies the host of the legacy session of changes.
        var subscriber: LegacySubscriber?
        var exchanges: [ObjectIdentifier: InFlightRequest] = [:]
        /// No more frames are taken.
        var isClosed = false
        var hasEnded = false
    }

    /// The ID of the conversation, unique in this process.
    public let id: String

    let kernel: Kernel
    var stamp: ResultStamp { kernel.stamp }
    let host: HostLink
    private let peer: Peer
    private let executor: (any TaskExecutor)?
    let state = Mutex(State())

    private static let count = Atomic(0)

    /// Creates a conversation.
    ///
    /// - Parameters:
    ///   - server: What is served.
    ///   - scheduler: The source of time.
    ///   - executor: Where handlers run on after they have waited; until then they run where their request was received.
    ///   - host: Who is at the other end, and the send there.
    public convenience init(
        _ server: Server,
        scheduler: any Scheduler,
        executor: (any TaskExecutor)? = nil,
        host: HostLink
    ) {
        let kernel = Kernel(server, scheduler: scheduler, executor: executor)
        self.init(kernel, scheduler: scheduler, executor: executor, host: host)
    }

    init(_ kernel: Kernel, scheduler: any Scheduler, executor: (any TaskExecutor)?, host: HostLink) {
        id = "session-\(Self.count.add(1, ordering: .relaxed).newValue)"
        self.kernel = kernel
        self.host = host
        peer = Peer(scheduler: scheduler) { bytes, _ in host.send(.request(bytes)) }
        self.executor = executor
    }

    // MARK: - Receiving

    /// Takes a frame.
    ///
    /// Even an invalid one does not end the conversation.
    public func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
        guard !state.withLock({ $0.isClosed }) else { return }
        let send = reply ?? host.send
        let hasExchange = reply != nil
        switch FrameVerdict(frame, allowsBatches: legacy?.revision.has(.batching) ?? false) {
        case .serve(let isBatch):
            peer.receive(frame) { take($0, isBatch: isBatch, hasExchange: hasExchange, send) }
        case .refuse(let id, let error): refuse(id, error, send)
        case .ignore: break
        }
    }

    /// The arguments of a tool that a request must repeat in its HTTP headers.
    public func mirroredArguments(ofTool name: String) -> [MirroredArgument] {
        kernel.server.tools[name]?.mirrored ?? []
    }

    typealias Send = @Sendable (ServerSending) -> Void

    private func take(_ inbound: Inbound, isBatch: Bool, hasExchange: Bool, _ send: @escaping Send) {
        switch inbound {
        case .request(let request):
            do throws(RPCError) {
                try serve(request, isBatch: isBatch, hasExchange: hasExchange, send)
            } catch {
                peer.finishInbound(request.id)
                refuse(request.id, error, send)
            }
        case .duplicateRequest(let request):
            refuse(request.id, .invalidRequest("a request with the id \(request.id) is still being served"), send)
        case .notification(let notification):
            if notification.method == NotificationName.cancelled.rawValue { cancelRequest(notification.params) }
        case .invalid(let id, let reason): refuse(id, .invalidRequest(reason), send)
        case .noise(let error): refuse(nil, .parseError("\(error)"), send)
        // A response has resumed the request that waits for it; a stray one is ignored.
        case .answered, .stray: break
        }
    }

    /// Determines the caller and the era, then the handler.
    private func serve(
        _ request: Message.Request,
        isBatch: Bool,
        hasExchange: Bool,
        _ send: @escaping Send
    ) throws(RPCError) {
        if let params = request.params, params.kind != .object { throw .invalidParams("\"params\" must be an object") }
        let method = Method(rawValue: request.method)
        let params = ReceivedParams(request.params)
        let meta = RequestMeta(json: params.meta?.value().object ?? [:])
        let caller: Caller
        if meta.isEnvelope {
            caller = try StatelessEnvelope.caller(meta, kernel.server.logging)
        } else {
            switch method {
            case .initialize:
                if isBatch { throw .invalidRequest("initialize must not be in a batch") }
                return try initialize(request, send)
            case .loggingSetLevel where kernel.server.logging != .never && legacy != nil:
                return try setLevel(request, send)
            case .resourcesSubscribe where hasSubscriptions: return try subscribe(request, send)
            case .resourcesUnsubscribe where hasSubscriptions: return try unsubscribe(request, send)
            default: caller = try legacyCaller(of: method)
            }
        }
        let handler = try kernel.handler(of: method, for: caller)
        let exchange = InFlightRequest(
            id: request.id,
            from: InFlightRequest.Origin(session: id, host: host, caller: caller),
            progressToken: meta.progressToken,
            peer: peer,
            send: send
        )
        var context = RequestContext(exchange)
        if caller.revision.has(.inputRequired) { try context.takeInput(from: request, params, kernel.seal) }
        start(handler, params, context, for: request, isAlone: hasExchange)
    }

    // MARK: - Running handlers

    /// Runs the handler of a request until it waits, and the rest in a task.
    ///
    /// - Parameter isAlone: Whether the request has a connection of its own, which ends with the response.
    private func start(
        _ handler: @escaping Kernel.MethodHandler,
        _ params: ReceivedParams,
        _ context: RequestContext,
        for request: Message.Request,
        isAlone: Bool
    ) {
        let exchange = context.exchange
        let key = ObjectIdentifier(exchange)
        state.withLock { $0.exchanges[key] = exchange }
        // The request owns the task, which may have finished already. `finish` and `cancel` wait for it.
        let task = Task.immediate(executorPreference: executor) {
            let response: ServerSending
            do {
                let runner = HandlerRunner(context: context, deliversInputErrors: kernel.server.deliversInputErrors)
                response = try self.response(to: request, await runner.run(handler, params), context)
            } catch {
                let error = RPCError(error, from: request.method, in: context.revision)
                response = .answer(Message.encode(id: request.id, error: error), code: error.code)
            }
            exchange.answer(response)
            if exchange.wasEnded, !isAlone { exchange.write(.notification(Self.teardown(of: request.id))) }
            self.state.withLock { $0.exchanges[key] = nil }
            exchange.done()
        }
        exchange.run(task)
    }

    private func response(
        to request: Message.Request,
        _ result: HandlerRunner.Result,
        _ context: RequestContext
    ) throws -> ServerSending {
        switch result {
        case .complete(let result): return .answer(stamp.response(to: request.id, result, in: context.revision))
        case .inputRequired(var questions):
            if let state = questions.requestState {
                questions.requestState = try kernel.seal.seal(state, for: context.binding(of: request))
            }
            return .answer(stamp.response(to: request.id, questions, in: context.revision))
        }
    }

    /// Besides the response, this notification tells a host on a shared pipe that its subscription has ended.
    ///
    /// Source: 2026-07-28, "Cancellation", server-initiated; "Subscriptions" requires the response.
    private static func teardown(of id: RequestID) -> [UInt8] {
        let params = CancelledParams(requestID: id, reason: "the server is closing the subscription")
        return Message.encode(.cancelled, params, in: .latest)
    }

    private func cancelRequest(_ params: JSONText?) {
        guard let id = CancelledParams(json: params?.value().object ?? [:]).requestID else { return }
        state.withLock { $0.exchanges.values.first { $0.id == id && $0.isOpen } }?.cancel()
    }

    // MARK: - Responses

    func respond(to id: RequestID, _ response: [UInt8], _ send: Send) {
        if peer.finishInbound(id) { send(.answer(response)) }
    }

    /// Responds with an error to a message that is not a valid request; it is not in flight.
    private func refuse(_ id: RequestID?, _ error: RPCError, _ send: Send) {
        send(.answer(Message.encode(id: id, error: error), code: error.code))
    }

    // MARK: - Closing

    /// Waits until all requests of the host have their responses.
    ///
    /// The host sends nothing more, so our own requests fail.
    public func finish() async {
        await end("the host closed its input")
    }

    /// Cancels the running requests and waits for them.
    ///
    /// Only subscriptions still get a response, which is how they end.
    public func cancel() async {
        for exchange in close() where !exchange.endGracefully() { exchange.cancel() }
        await end("the conversation was closed")
    }

    /// Responds to the running requests with an error and cancels them.
    ///
    /// Subscriptions get their own response.
    public func abort(_ error: RPCError) {
        for exchange in close() where !exchange.endGracefully() {
            exchange.answer(.answer(Message.encode(id: exchange.id, error: error), code: error.code))
            exchange.cancel()
        }
    }

    /// Stops taking frames and returns the running requests.
    private func close() -> [InFlightRequest] {
        state.withLock { state in
            state.isClosed = true
            return Array(state.exchanges.values)
        }
    }

    private func end(_ reason: String) async {
        let exchanges = close()
        peer.end(reason)
        for exchange in exchanges {
            exchange.endGracefully()
            await exchange.ended()
        }
        let isFirst = state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
        guard isFirst else { return }
        if let subscriber = state.withLock({ $0.subscriber }) { kernel.bus.remove(subscriber) }
        if host.span == .session {
            await kernel.tasks.removeAll(of: .session(id))
            await kernel.server.onSessionEnd?(id)
        }
    }
}

public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// A connection to a server, in whichever revision was agreed upon.
///
/// Nothing is asked of the server that the caller did not ask for: connecting lists nothing, a call is one request.
public final class Client: Sendable {
    /// Which revision is spoken, and why.
    public let verdict: EraVerdict
    /// The server's own words about itself: the result of `initialize` or `server/discover`, as received.
    public let greeting: JSONText
    /// The connection underneath, with its transcript and what was noticed.
    public let link: ClientLink
    /// How it was connected.
    public let options: ClientOptions

    let tools: MirroredTools
    private let stamp: RequestStamp
    private let sessions = SessionRenewal()

    private init(_ agreement: Negotiation.Agreement, options: ClientOptions) {
        verdict = agreement.verdict
        greeting = agreement.greeting
        link = agreement.link
        self.options = options
        stamp =
            agreement.verdict.revision.era == .modern
            ? .modern(agreement.verdict.revision, options: options) : .legacy
        tools = MirroredTools(
            areNeeded: agreement.link.transport.kind == .streamableHTTP
                && agreement.verdict.revision.has(.routingHeaders)
        )
    }

    /// Connects: opens a transport, finds the revision and finishes the handshake where there is one.
    ///
    /// The closure may be called twice, for a server that ends on an unknown first message is started again.
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

    /// The revision that is spoken.
    public var revision: Revision { verdict.revision }

    /// The server's name and version, if it gave them.
    public var serverInfo: Implementation? {
        let json = greeting.value().object ?? [:]
        return revision.era == .modern
            ? DiscoverResult(json: json).serverInfo : InitializeResult(json: json).serverInfo
    }

    /// What the server says it can do.
    public var capabilities: ServerCapabilities {
        ServerCapabilities(json: greeting["capabilities"]?.value().object ?? [:])
    }

    /// What the server tells models about itself.
    public var instructions: String? {
        greeting["instructions"]?.string
    }

    /// Ends the connection.
    @discardableResult
    public func close() async -> TransportEnd {
        await link.close()
    }

    // MARK: - Requests

    /// Sends a request of any method and waits for its result.
    ///
    /// Cancelling the task tells the server that the answer is not wanted any more.
    ///
    /// - Parameters:
    ///   - fields: Fields for the head of this one request, where the transport has heads. Who gives one of the
    ///     protocol's own speaks for himself: nothing is corrected and sent again.
    ///   - force: Calls a tool also when its schema makes it uncallable (see ``toolFaults``).
    /// - Throws: ``CallError`` with what the server answered instead, or why nothing usable came.
    public func request(
        _ method: Method,
        _ params: RequestParams = RequestParams(),
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        force: Bool = false,
        onProgress: ClientLink.ProgressHandler? = nil
    ) async throws(CallError) -> CallResult {
        let question = Question(method: method, params: params, limits: limits, fields: fields, force: force)
        do throws(CallError) {
            return try await ask(question, onProgress: onProgress)
        } catch {
            guard question.maySendAgain, await relistTools(after: error, calling: method) else { throw error }
            return try await ask(question, onProgress: onProgress)
        }
    }

    /// A request before it has an id, which it gets each time it is sent.
    private struct Question {
        let method: Method
        let params: RequestParams
        let limits: CallLimits?
        let fields: [(name: String, value: String)]
        let force: Bool

        var maySendAgain: Bool {
            !force && !fields.contains { $0.name.lowercased().hasPrefix("mcp-") }
        }
    }

    private func ask(
        _ question: Question,
        onProgress: ClientLink.ProgressHandler?
    ) async throws(CallError) -> CallResult {
        let id = link.peer.nextID()
        let text = stamp.stamp(question.params, progressToken: onProgress == nil ? nil : id)
        let bytes = Message.encode(id: id, method: question.method.rawValue, params: text)
        var head = FrameHead(question.method, question.params, stamp: stamp)
        head.fields = question.fields
        if question.method == .toolsCall {
            if !question.force, let reason = tools.refusal(of: head.name) {
                throw CallError(cause: .refused(reason), id: id, request: bytes, elapsed: .zero)
            }
            head.arguments = tools.mirrored(by: head.name, question.params["arguments"])
        }
        // Whoever waits for a session and gets none hears why from the server.
        if sessions.isRunning { _ = await renewSession(sessions.current) }
        let session = sessions.current
        do throws(CallError) {
            return try await send(bytes, id: id, head: head, limits: question.limits, onProgress: onProgress)
        } catch {
            guard question.maySendAgain, try await renew(session, after: error) else { throw error }
            // A request of a lost session was not processed, and in the new one its id is as good as any.
            return try await send(bytes, id: id, head: head, limits: question.limits, onProgress: onProgress)
        }
    }

    /// Opens a new session where the old one is lost.
    ///
    /// - Returns: Whether that was why the request failed.
    private func renew(_ session: Int, after error: CallError) async throws(CallError) -> Bool {
        guard revision.era == .legacy, var loss = link.sessionLoss(behind: error) else { return false }
        guard let obstacle = await renewSession(session) else { return true }
        var error = error
        if case .cancelled = obstacle {
            error.cause = .failed(.cancelled)
        } else {
            loss.message += "; and no new session came about: \(obstacle)"
            error.cause = .broken(loss)
        }
        throw error
    }

    private func renewSession(_ lost: Int) async -> CallFailure? {
        await sessions.renew(lost) {
            await link.renewSession(Greeting(at: revision, options: options), limit: options.limits.connect)
        }
    }

    /// Sends bytes as they are, for a tester must be able to break every rule, and waits for the answer to them.
    ///
    /// The answer is known by the id in the bytes; bytes without a readable id wait for an error that has none. The
    /// head says what can be read of the bytes. Nothing is sent again, not even when the session is lost.
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
        let (id, isCancellable) = identify(frame)
        return try await send(bytes, id: id, head: head, isCancellable: isCancellable, limits: limits)
    }

    /// Sends bytes as they are and waits for nothing.
    ///
    /// - Throws: ``TransportFailure`` if the connection is closed.
    public func post(raw bytes: [UInt8], fields: [(name: String, value: String)] = []) throws {
        var head = FrameHead(reading: Frame(received: bytes))
        head.fields = fields
        try link.post(bytes, head: head)
    }

    private func identify(_ frame: Frame) -> (RequestID, isCancellable: Bool) {
        switch frame.content {
        case .message(.request(let request)): (request.id, true)
        case .message(.invalid(let id?, _)): (id, false)
        default: (link.peer.nextID(), false)
        }
    }

    private func send(
        _ bytes: [UInt8],
        id: RequestID,
        head: FrameHead,
        isCancellable: Bool = true,
        limits: CallLimits?,
        onProgress: ClientLink.ProgressHandler? = nil
    ) async throws(CallError) -> CallResult {
        let began = link.scheduler.now
        let reply: Reply
        do throws(CallFailure) {
            reply = try await link.request(
                bytes,
                id: id,
                head: head,
                limits: limits ?? options.limits.call,
                isCancellable: isCancellable,
                onProgress: onProgress
            )
        } catch {
            let elapsed = began.duration(to: link.scheduler.now)
            throw CallError(cause: .init(error), id: id, request: bytes, elapsed: elapsed)
        }
        switch reply.result {
        case .success(let result): return CallResult(id: id, result: result, elapsed: reply.elapsed)
        case .failure(let error):
            throw CallError(cause: .rejected(error), id: id, request: bytes, elapsed: reply.elapsed)
        }
    }
}

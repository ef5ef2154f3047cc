import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

/// One session of the legacy era: its conversation, and its event streams with what is kept of them for replay.
///
/// Source: 2025-11-25, "Streamable HTTP", "Session Management" and "Resumability and Redelivery".
final class HTTPSession {
    private enum State {
        case opening
        case open(any ServerConversation)
        case closed
    }

    let id: String
    let principal: Principal
    /// The revision that `initialize` negotiated.
    var revision: Revision?

    private let scheduler: LoopScheduler
    private let permit: Permit
    private let replay: ReplayBuffer
    private var state = State.opening
    /// The response that sends the events of a stream at present, by stream.
    private var writers: [Int: ResponseWriter] = [:]
    /// The last event of the session's own stream that was sent to a client.
    private var lastDelivered = 0
    private var runningRequests = 0
    private var lastUse: ContinuousClock.Instant
    private var idleTimer: ScheduledAction?

    init(id: String, principal: Principal, permit: Permit, _ context: ServerContext) {
        self.id = id
        self.principal = principal
        self.permit = permit
        scheduler = context.scheduler
        replay = ReplayBuffer(limit: context.options.limits.replayBytes, budget: context.budget)
        lastUse = scheduler.now
    }

    // MARK: - The conversation

    /// Starts the conversation.
    func start(_ makeConversation: MakeConversation) {
        let inbox = LoopInbox<[UInt8]>(scheduler.loop) { [weak self] messages in
            for message in messages { _ = self?.put(message, on: ReplayBuffer.sessionStream) }
            self?.writers[ReplayBuffer.sessionStream]?.flush()
        }
        let link = HostLink(principal: principal, span: .session) { sending in
            if let bytes = sending.bytes { inbox.put(bytes) }
        }
        state = .open(makeConversation(link))
    }

    /// The conversation, or nil if the session is closed.
    var conversation: (any ServerConversation)? {
        if case .open(let conversation) = state { conversation } else { nil }
    }

    /// A session is in use as long as a request of it is running.
    func requestBegan() {
        runningRequests += 1
    }

    func requestEnded() {
        runningRequests -= 1
        markUsed()
    }

    // MARK: - Streams

    /// Opens the stream of a request.
    ///
    /// Since 2025-11-25 the first event carries only an ID, with which a client can resume the stream.
    func openStream(_ writer: ResponseWriter, _ fields: [(String, String)]) -> Int {
        let stream = replay.openStream()
        writer.putStreamHead(fields)
        writers[stream] = writer
        if canReleaseStreams { writer.put(event: replay.append([], to: stream)) }
        return stream
    }

    /// Puts a message on a stream.
    ///
    /// - Returns: The writer that has to be flushed.
    func put(_ bytes: [UInt8], on stream: Int, isLast: Bool = false) -> ResponseWriter? {
        if case .closed = state { return isLast ? finish(stream) : nil }
        let event = replay.append(bytes, to: stream, isLast: isLast)
        guard let writer = writers[stream] else { return nil }
        writer.put(event: event)
        if stream == ReplayBuffer.sessionStream { markDelivered() }
        if isLast {
            writer.putStreamEnd()
            writers[stream] = nil
        }
        return writer
    }

    /// Ends a stream that has no last event.
    ///
    /// - Returns: The writer that has to be flushed.
    func finish(_ stream: Int) -> ResponseWriter? {
        replay.finish(stream)
        let writer = writers.removeValue(forKey: stream)
        writer?.putStreamEnd()
        return writer
    }

    /// Ends the response of a stream; the client has to resume the stream after a delay in milliseconds.
    ///
    /// - Returns: The writer that has to be flushed.
    func release(_ stream: Int, retry: Int) -> ResponseWriter? {
        guard canReleaseStreams, let writer = writers.removeValue(forKey: stream) else { return nil }
        writer.put(event: replay.append([], to: stream, retry: retry))
        writer.putStreamEnd()
        return writer
    }

    /// Sends the session's own stream, or resumes the stream of an event.
    ///
    /// - Returns: Why that is not possible.
    func attach(_ writer: ResponseWriter, after lastEvent: String?) -> HTTPResponse? {
        lastEvent.map { resume(writer, after: $0) } ?? attachSessionStream(writer)
    }

    /// The client of a writer has disconnected; its stream goes on without one.
    func detach(_ writer: ResponseWriter) {
        markUsed()
        for (stream, current) in writers where current === writer { writers[stream] = nil }
    }

    /// Ends the session's own stream if the writer sends it; every other stream ends with its response.
    func endSessionStream(of writer: ResponseWriter) {
        if writers[ReplayBuffer.sessionStream] === writer { finish(ReplayBuffer.sessionStream)?.flush() }
    }

    private func attachSessionStream(_ writer: ResponseWriter) -> HTTPResponse? {
        if writers[ReplayBuffer.sessionStream] != nil {
            return .refusal(.conflict, "the session already has an open GET stream, and can have only one")
        }
        writer.putStreamHead()
        // Events that no client was there for are sent first; those that were dropped are lost.
        if case .events(let events, _) = replay.continuation(of: ReplayBuffer.sessionStream, after: lastDelivered) {
            for event in events { writer.put(event: event) }
        }
        if canReleaseStreams { writer.put(event: replay.append([], to: ReplayBuffer.sessionStream)) }
        markDelivered()
        writers[ReplayBuffer.sessionStream] = writer
        return nil
    }

    private func resume(_ writer: ResponseWriter, after id: String) -> HTTPResponse? {
        guard let (stream, number) = ReplayBuffer.position(id),
            case .events(let events, let isFinished) = replay.continuation(of: stream, after: number)
        else {
            let reason = "the events after \(id) are no longer available; send the request again"
            return .refusal(.badRequest, reason)
        }
        // A client that resumes has lost the connection, even if the server has not noticed.
        let lost = writers.removeValue(forKey: stream)
        lost?.putStreamEnd()
        writer.putStreamHead()
        for event in events { writer.put(event: event) }
        if isFinished { writer.putStreamEnd() } else { writers[stream] = writer }
        if stream == ReplayBuffer.sessionStream { markDelivered() }
        lost?.flush()
        return nil
    }

    /// Whether the revision lets a server end the response of a stream that goes on.
    private var canReleaseStreams: Bool {
        revision?.has(.pollingStreams) ?? false
    }

    private func markDelivered() {
        lastDelivered = replay.last(of: ReplayBuffer.sessionStream)
    }

    // MARK: - The end

    func markUsed() {
        lastUse = scheduler.now
    }

    /// Runs an action once the session was not used for a time.
    func onIdle(for limit: Duration, _ action: @escaping () -> Void) {
        let deadline = max(lastUse.advanced(by: limit), scheduler.now.advanced(by: .milliseconds(1)))
        idleTimer = scheduler.schedule(at: deadline) { [weak self] in
            guard let self, case .open = state else { return }
            if runningRequests > 0 || !writers.isEmpty { markUsed() }
            if lastUse.advanced(by: limit) <= scheduler.now { action() } else { onIdle(for: limit, action) }
        }
    }

    /// Closes the session.
    ///
    /// - Returns: The conversation, which has to be cancelled; nil if the session was closed before.
    func close() -> (any ServerConversation)? {
        let conversation = conversation
        let writers = writers
        state = .closed
        self.writers = [:]
        idleTimer?.cancel()
        replay.removeAll()
        for writer in writers.values {
            writer.putStreamEnd()
            writer.flush()
        }
        return conversation
    }
}

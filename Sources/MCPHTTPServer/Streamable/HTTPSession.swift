import AsyncRuntime
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1
import Synchronization

/// One session of the legacy era: its conversation, its streams and what is kept of them.
///
/// Source: 2025-11-25, "Streamable HTTP", "Session Management" and "Resumability and Redelivery".
final class HTTPSession: Sendable {
    fileprivate struct State {
        var conversation: (any ServerConversation)?
        var revision: Revision?
        var log: ReplayBuffer
        /// Where the events of a stream go at present.
        var ways: [Int: ResponseWriter] = [:]
        /// The last event of the own stream that went to anybody.
        var delivered = 0
        var running = 0
        var lastUsed: ContinuousClock.Instant
        var timer: ScheduledAction?
        var hasEnded = false
    }

    let id: String
    let principal: Principal

    private let scheduler: any Scheduler
    private let lease: Lease
    private let state: Mutex<State>

    init(id: String, principal: Principal, lease: Lease, scheduler: any Scheduler, replayBytes: Int) {
        self.id = id
        self.principal = principal
        self.lease = lease
        self.scheduler = scheduler
        state = Mutex(State(log: ReplayBuffer(limit: replayBytes), lastUsed: scheduler.now))
    }

    // MARK: - The conversation

    /// Begins the conversation.
    func begin(_ makeConversation: MakeConversation) {
        let link = HostLink(principal: principal, span: .session) { [weak self] sending in
            guard let bytes = sending.bytes else { return }
            self?.put(bytes, on: ReplayBuffer.own)?.flush()
        }
        let conversation = makeConversation(link)
        state.withLock { $0.conversation = conversation }
    }

    /// Who answers; nobody, when the session has ended.
    var conversation: (any ServerConversation)? {
        state.withLock { $0.hasEnded ? nil : $0.conversation }
    }

    /// The revision that was agreed upon.
    var revision: Revision? {
        get { state.withLock { $0.revision } }
        set { state.withLock { $0.revision = newValue } }
    }

    /// Counts a request that runs, for a session in use does not end by itself.
    func started() {
        state.withLock { $0.running += 1 }
    }

    /// Counts it no more.
    func finished() {
        state.withLock { state in
            state.running -= 1
            state.lastUsed = scheduler.now
        }
    }

    // MARK: - Streams

    /// Begins the stream of a request: the first event has only an id where the revision lets a client come back for more.
    func openStream(_ way: ResponseWriter, _ fields: [(String, String)], retry: Int? = nil) -> Int {
        state.withLock { state in
            let stream = state.log.openStream()
            way.putBeginning(fields)
            state.ways[stream] = way
            if state.isPolled { way.put(event: state.log.append([], to: stream, retry: retry)) }
            return stream
        }
    }

    /// Puts a message on a stream; the way that it goes is to be flushed.
    func put(_ bytes: [UInt8], on stream: Int, isLast: Bool = false) -> ResponseWriter? {
        state.withLock { state in
            guard !state.hasEnded else { return nil }
            let event = state.log.append(bytes, to: stream, isLast: isLast)
            guard let way = state.ways[stream] else { return nil }
            way.put(event: event)
            if stream == ReplayBuffer.own { state.noteDelivery() }
            if isLast {
                way.putEnd()
                state.ways[stream] = nil
            }
            return way
        }
    }

    /// Ends a stream that has no last event.
    func finish(_ stream: Int) -> ResponseWriter? {
        state.withLock { state in
            state.log.finish(stream)
            let way = state.ways.removeValue(forKey: stream)
            way?.putEnd()
            return way
        }
    }

    /// Lets go of the way of a stream: the client is to come back for the rest.
    func pause(_ stream: Int, retry: Int) -> ResponseWriter? {
        state.withLock { state in
            guard state.isPolled, let way = state.ways.removeValue(forKey: stream) else { return nil }
            way.put(event: state.log.append([], to: stream, retry: retry))
            way.putEnd()
            return way
        }
    }

    /// Sends the own stream, or the rest of any stream, by a way; tells why not, if that cannot be.
    func attach(_ way: ResponseWriter, after lastEvent: String?) -> HTTPResponse? {
        let (refusal, replaced) = state.withLock { state in
            lastEvent.map { state.resume(way, after: $0) } ?? state.attachOwn(way)
        }
        replaced?.flush()
        return refusal
    }

    /// A way is gone; the stream goes on without.
    func detach(_ way: ResponseWriter) {
        state.withLock { state in
            state.lastUsed = scheduler.now
            for (stream, current) in state.ways where current === way { state.ways[stream] = nil }
        }
    }

    /// Ends the session's own stream, if it goes by that way.
    ///
    /// No request would; another stream ends with its answer.
    func letGo(of way: ResponseWriter) {
        let isOwn = state.withLock { $0.ways[ReplayBuffer.own] === way }
        if isOwn { finish(ReplayBuffer.own)?.flush() }
    }

    // MARK: - The end

    /// Notes that the session is in use.
    func touch() {
        state.withLock { $0.lastUsed = scheduler.now }
    }

    /// Runs an action when the session was not used for a time.
    func whenIdle(for limit: Duration, _ action: @escaping @Sendable () -> Void) {
        let deadline = state.withLock { $0.lastUsed }.advanced(by: limit)
        let next = max(deadline, scheduler.now.advanced(by: .milliseconds(1)))
        let timer = scheduler.schedule(at: next) { [weak self] in
            guard let self else { return }
            if isIdle(for: limit) { action() } else { whenIdle(for: limit, action) }
        }
        let hasEnded = state.withLock { state in
            state.timer = timer
            return state.hasEnded
        }
        if hasEnded { timer.cancel() }
    }

    private func isIdle(for limit: Duration) -> Bool {
        let now = scheduler.now
        return state.withLock { state in
            // What goes on counts as use until it ends.
            if state.running > 0 || !state.ways.isEmpty { state.lastUsed = now }
            return state.lastUsed.advanced(by: limit) <= now
        }
    }

    /// Ends the session; gives the conversation back that must be ended too, the first time.
    func end() -> (any ServerConversation)? {
        let (conversation, ways, timer) = state.withLock { state in
            defer {
                state.hasEnded = true
                (state.conversation, state.ways, state.timer) = (nil, [:], nil)
            }
            for way in state.ways.values { way.putEnd() }
            return (state.conversation, state.ways.values.map(\.self), state.timer)
        }
        timer?.cancel()
        for way in ways { way.flush() }
        return conversation
    }
}

extension HTTPSession.State {
    /// Whether the revision lets a client come back to a stream that the server let go of.
    fileprivate var isPolled: Bool {
        revision?.has(.pollingStreams) ?? false
    }

    fileprivate mutating func noteDelivery() {
        delivered = log.last(of: ReplayBuffer.own)
    }

    fileprivate mutating func attachOwn(_ way: ResponseWriter) -> (HTTPResponse?, ResponseWriter?) {
        if ways[ReplayBuffer.own] != nil {
            return (.refusal(.conflict, "the session has a stream already; it can have one at a time"), nil)
        }
        way.putBeginning()
        // What nobody was there for comes first; what is kept no more is lost.
        if case .events(let events, _) = log.rest(of: ReplayBuffer.own, after: delivered) {
            for event in events { way.put(event: event) }
        }
        if isPolled { way.put(event: log.append([], to: ReplayBuffer.own)) }
        noteDelivery()
        ways[ReplayBuffer.own] = way
        return (nil, nil)
    }

    fileprivate mutating func resume(_ way: ResponseWriter, after id: String) -> (HTTPResponse?, ResponseWriter?) {
        guard let (stream, number) = ReplayBuffer.position(id),
            case .events(let events, let isFinished) = log.rest(of: stream, after: number)
        else {
            let reason = "what followed the event \(id) is not kept here, or not any more; send the request again"
            return (.refusal(.badRequest, reason), nil)
        }
        // Who comes back has lost the way that we may still believe in.
        let replaced = ways.removeValue(forKey: stream)
        replaced?.putEnd()
        way.putBeginning()
        for event in events { way.put(event: event) }
        if isFinished { way.putEnd() } else { ways[stream] = way }
        if stream == ReplayBuffer.own { noteDelivery() }
        return (nil, replaced)
    }
}

import JSONRPC
import MCPHTTP
import NIOCore
import NIOHTTP1
import Synchronization

/// Who answers a request, and wants to know what becomes of the way to its sender.
protocol ResponseWriterDelegate: AnyObject, Sendable {
    /// Nothing was sent for a while: a stream may be begun so that the connection shows signs of life.
    func responseIsIdle()
    /// The sender is gone before all was said.
    func connectionClosed()
    /// The server is about to end: what would go on by itself is brought to its end now.
    func responseShouldEnd()
    /// The server ends: what is not answered is answered with an error before this returns.
    func responseMustEnd(_ error: RPCError)
}

/// The way back to the sender of one request: a whole answer, or events until the stream ends.
///
/// What is put from any thread goes out in that order. Putting never calls back, so that it may be done under a lock;
/// ``flush()`` does, and must not.
final class ResponseWriter: Sendable {
    /// What goes out.
    enum Part: Sendable {
        case whole(HTTPResponse)
        case begin(fields: [(String, String)])
        case bytes([UInt8])
        case end
        /// The connection breaks off.
        case cut
    }

    private struct State {
        var parts: [Part] = []
        var isScheduled = false
        /// No more can be put: all was said, or nobody listens.
        var isDone = false
        var isStreaming = false
        var owner: (any ResponseWriterDelegate)?
        var leases: [Lease] = []
        var tamper: ResponseTamper?
    }

    /// Fields that every answer on this way has.
    let fields: [(String, String)]

    private let loop: any EventLoop
    private let connection: NIOLoopBound<ConnectionHandler>
    private let state = Mutex(State())

    init(_ connection: ConnectionHandler, on loop: any EventLoop, fields: [(String, String)]) {
        self.connection = NIOLoopBound(connection, eventLoop: loop)
        self.loop = loop
        self.fields = fields
    }

    /// Names who is told what becomes of the way, and keeps a lease until all is said.
    func belong(to owner: (any ResponseWriterDelegate)?, holding lease: Lease? = nil) {
        state.withLock { state in
            guard !state.isDone else { return }
            state.owner = owner ?? state.owner
            if let lease { state.leases.append(lease) }
        }
    }

    /// Has what goes out spoiled.
    func spoil(by tamper: ResponseTamper) {
        state.withLock { $0.tamper = tamper }
    }

    // MARK: - Putting

    /// Puts a whole answer, unless something was said before.
    func put(_ answer: HTTPResponse) {
        state.withLock { state in
            guard !state.isDone, !state.isStreaming else { return }
            state.parts.append(.whole(answer))
            state.isDone = true
        }
    }

    /// Begins a stream of events.
    func putBeginning(_ fields: [(String, String)] = []) {
        state.withLock { state in
            guard !state.isDone, !state.isStreaming else { return }
            state.isStreaming = true
            state.parts.append(.begin(fields: EventStreamFields.all + fields))
        }
    }

    /// Puts the bytes of an event.
    func put(event bytes: [UInt8]) {
        state.withLock { state in
            guard !state.isDone, state.isStreaming else { return }
            state.parts.append(.bytes(bytes))
        }
    }

    /// Ends the stream.
    func putEnd() {
        state.withLock { state in
            guard !state.isDone, state.isStreaming else { return }
            state.parts.append(.end)
            state.isDone = true
        }
    }

    /// Sends what was put.
    func flush() {
        if loop.inEventLoop { return drain() }
        let isFirst = state.withLock { state in
            guard !state.isScheduled, !state.parts.isEmpty else { return false }
            state.isScheduled = true
            return true
        }
        if isFirst { loop.execute { self.drain() } }
    }

    /// Sends a whole answer.
    func send(_ answer: HTTPResponse) {
        put(answer)
        flush()
    }

    private func drain() {
        let (parts, isDone, tamper) = state.withLock { state in
            defer { state.parts = [] }
            state.isScheduled = false
            return (state.parts, state.isDone, state.tamper)
        }
        guard !parts.isEmpty else { return }
        if isDone { letGo() }
        connection.value.write(tamper?.spoil(parts) ?? parts, for: self)
    }

    // MARK: - What the connection tells

    /// Whether a stream was begun.
    var isStreaming: Bool {
        state.withLock { $0.isStreaming }
    }

    /// Nothing was sent for a while.
    func silent() {
        owner?.responseIsIdle()
    }

    /// The server is about to end.
    func shouldEnd() {
        owner?.responseShouldEnd()
    }

    /// The server ends.
    func mustEnd(_ error: RPCError) {
        owner?.responseMustEnd(error)
    }

    private var owner: (any ResponseWriterDelegate)? {
        state.withLock { $0.isDone ? nil : $0.owner }
    }

    /// The connection is gone.
    func gone() {
        let owner = state.withLock { state in
            state.isDone = true
            state.parts = []
            return state.owner
        }
        letGo()
        owner?.connectionClosed()
    }

    /// Nobody need be told any more.
    private func letGo() {
        let held = state.withLock { state in
            defer { (state.owner, state.leases) = (nil, []) }
            return (state.owner, state.leases)
        }
        // Owners end outside the lock.
        _ = held
    }
}

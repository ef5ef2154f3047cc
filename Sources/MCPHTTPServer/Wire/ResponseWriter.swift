import JSONRPC
import MCPHTTP
import NIOCore
import NIOHTTP1

/// Learns what becomes of the connection while a request is served.
protocol ResponseWriterDelegate: AnyObject {
    /// Nothing was sent for a while: an event stream may be opened to keep the connection alive.
    func responseIsIdle()
    /// The client closed the connection before the response was complete.
    func connectionClosed()
    /// The server is stopping: a response that would go on until the client leaves must end now.
    func responseShouldEnd()
    /// The server stops: fail a request that is still running before this returns.
    func responseMustEnd(_ error: RPCError)
}

/// Writes the response of one request: a complete response, or an event stream.
///
/// Belongs to the server's event loop. What is put is sent by ``flush()``, which may begin to serve the next request of the
/// connection; the other functions never call back.
final class ResponseWriter {
    enum Part: Sendable {
        case response(HTTPResponse)
        case streamHead(fields: [(String, String)])
        case event([UInt8])
        case streamEnd
        /// Closes the connection in the middle of the response.
        case disconnect
    }

    private enum State {
        case pending
        case streaming
        /// Everything was put, or the client has disconnected.
        case finished
    }

    /// Headers of every response to this client.
    let fields: [(String, String)]
    /// Alters the response on purpose.
    var tamper: ResponseTamper?
    /// The delegate, which is kept alive until the response is complete.
    private var delegate: (any ResponseWriterDelegate)?

    private let connection: ConnectionHandler
    private let loop: any EventLoop
    private var state = State.pending
    private var parts: [Part] = []
    private var permits: [Permit] = []

    init(_ connection: ConnectionHandler, on loop: any EventLoop, fields: [(String, String)]) {
        self.connection = connection
        self.loop = loop
        self.fields = fields
    }

    func setDelegate(_ delegate: any ResponseWriterDelegate) {
        loop.assertInEventLoop()
        if !isFinished { self.delegate = delegate }
    }

    /// Holds a permit until the response is complete.
    func hold(_ permit: Permit) {
        loop.assertInEventLoop()
        if !isFinished { permits.append(permit) }
    }

    // MARK: - Writing

    /// Whether an event stream was opened.
    var isStreaming: Bool {
        if case .streaming = state { true } else { false }
    }

    private var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    /// Puts a complete response, unless something was put before.
    func put(_ response: HTTPResponse) {
        loop.assertInEventLoop()
        guard case .pending = state else { return }
        parts.append(.response(response))
        state = .finished
    }

    /// Opens an event stream, unless something was put before.
    func putStreamHead(_ fields: [(String, String)] = []) {
        loop.assertInEventLoop()
        guard case .pending = state else { return }
        parts.append(.streamHead(fields: EventStreamFields.all + fields))
        state = .streaming
    }

    /// Puts the bytes of an event.
    func put(event bytes: [UInt8]) {
        loop.assertInEventLoop()
        if isStreaming { parts.append(.event(bytes)) }
    }

    /// Ends the event stream.
    func putStreamEnd() {
        loop.assertInEventLoop()
        guard isStreaming else { return }
        parts.append(.streamEnd)
        state = .finished
    }

    /// Sends what was put.
    func flush() {
        loop.assertInEventLoop()
        guard !parts.isEmpty else { return }
        let parts = parts
        self.parts = []
        if isFinished { release() }
        connection.write(tamper?.alter(parts) ?? parts, for: self)
    }

    /// Sends a complete response.
    func send(_ response: HTTPResponse) {
        put(response)
        flush()
    }

    /// Lets go of what is held for an unfinished response.
    private func release() {
        delegate = nil
        permits = []
    }

    // MARK: - Called by the connection

    func idle() {
        delegate?.responseIsIdle()
    }

    func shouldEnd() {
        delegate?.responseShouldEnd()
    }

    func mustEnd(_ error: RPCError) {
        delegate?.responseMustEnd(error)
    }

    func connectionClosed() {
        let delegate = delegate
        state = .finished
        parts = []
        release()
        delegate?.connectionClosed()
    }
}

/// The headers of every event stream.
enum EventStreamFields {
    static let all = [
        ("Content-Type", "text/event-stream"),
        HTTPResponse.noStore,
        // Proxies must not hold events back.
        ("X-Accel-Buffering", "no"),
    ]
}

import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTPClient
import MCPTransport
import Synchronization
import TestSupport

/// Records what a transport reports, in order, for a test to wait for.
final class Ledger: ClientTransportReceiver {
    enum Entry: Sendable {
        case frame(String, RequestID?)
        case failure(RequestID, TransportFailure)
        case event(String)
        case fault(String, RequestID?, JSONObject)
        case end(TransportEnd)
    }

    private struct State {
        var entries: [Entry] = []
        var read = 0
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock { $0.entries } }

    /// Waits for the next entry.
    ///
    /// Give the test a time limit.
    func next() async -> Entry {
        while true {
            if let entry = take() { return entry }
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.read < state.entries.count { return true }
                    state.waiting = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// Waits for the next frame and skips notes before it; nil if a failure or the end comes first.
    func nextFrame() async -> String? {
        while true {
            switch await next() {
            case .frame(let text, _): return text
            case .failure, .end: return nil
            case .event, .fault: continue
            }
        }
    }

    /// Waits for the next failure, and skips everything before it.
    func nextFailure() async -> TransportFailure {
        while true { if case .failure(_, let failure) = await next() { return failure } }
    }

    /// Waits for the next fault, and skips everything before it.
    func nextFault() async -> String {
        while true { if case .fault(let text, _, _) = await next() { return text } }
    }

    /// Waits for the next event, and skips everything before it.
    func nextEvent() async -> String {
        while true { if case .event(let text) = await next() { return text } }
    }

    private func take() -> Entry? {
        state.withLock { state in
            guard state.read < state.entries.count else { return nil }
            state.read += 1
            return state.entries[state.read - 1]
        }
    }

    private func put(_ entry: Entry) {
        let waiting = state.withLock { state in
            state.entries.append(entry)
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    func received(_ frame: Frame, for request: RequestID?) {
        put(.frame(String(decoding: frame.bytes, as: UTF8.self), request))
    }

    func failed(_ id: RequestID, _ failure: TransportFailure) { put(.failure(id, failure)) }

    func noted(_ note: TransportNote) {
        switch note {
        case .event(let text): put(.event(text))
        case .fault(let text, let request, let evidence): put(.fault(text, request, evidence))
        case .standardError: break
        }
    }

    func ended(_ end: TransportEnd) { put(.end(end)) }
}

/// Runs a test with a transport connected to a scripted server, and closes both.
func withServer(
    _ script: @escaping ScriptedHTTPServer.Script,
    endpoint: (String) -> HTTPEndpoint = { HTTPEndpoint(url: $0) },
    clock: any Scheduler = FakeClock(),
    _ test: (ScriptedHTTPServer, any ClientTransport, Ledger) async throws -> Void
) async throws {
    let server = try ScriptedHTTPServer(script)
    defer { server.stop() }
    let transport = HTTPClientTransport.make(endpoint(server.url()), scheduler: clock)
    let ledger = Ledger()
    try await transport.open(ledger)
    do {
        try await test(server, transport, ledger)
    } catch {
        server.stop()
        _ = await transport.close()
        throw error
    }
    // First the server, so that the transport does not wait for a response to DELETE.
    server.stop()
    _ = await transport.close()
}

/// A script that responds to each request with a closure.
func answering(
    _ answer: @escaping @Sendable (ScriptedHTTPRequest, ScriptedHTTPConnection) async throws -> Void
) -> ScriptedHTTPServer.Script {
    { connection in
        while let request = try await connection.readRequest() { try await answer(request, connection) }
    }
}

extension OutgoingFrame {
    /// A request.
    static func request(
        _ id: RequestID = 1,
        _ method: Method = .toolsList,
        name: String? = nil,
        revision: Revision? = nil,
        arguments: [(field: String, value: String)] = [],
        fields: [(name: String, value: String)] = []
    ) -> OutgoingFrame {
        var head = FrameHead()
        (head.method, head.name, head.revision) = (method, name, revision?.wireName)
        (head.arguments, head.fields) = (arguments, fields)
        let text = #"{"jsonrpc":"2.0","id":\#(id.literal),"method":"\#(method.rawValue)"}"#
        return OutgoingFrame(bytes: Array(text.utf8), request: id, head: head)
    }

    /// A notification.
    static func notification(_ name: NotificationName) -> OutgoingFrame {
        var head = FrameHead()
        head.method = Method(rawValue: name.rawValue)
        let text = #"{"jsonrpc":"2.0","method":"\#(name.rawValue)"}"#
        return OutgoingFrame(bytes: Array(text.utf8), head: head)
    }
}

extension RequestID {
    fileprivate var literal: String {
        switch self {
        case .integer(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        }
    }
}

/// The text of a response.
func result(_ id: Int = 1) -> String { #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"# }

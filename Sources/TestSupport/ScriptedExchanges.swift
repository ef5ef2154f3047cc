public import JSON
public import JSONRPC
public import MCP
public import MCPTransport
import Synchronization

/// A scripted in-memory transport like HTTP, where each request has an exchange with a status.
public final class ScriptedExchanges: ClientTransport {
    /// The outcome of a frame.
    public enum Response: Sendable {
        /// A message, in which `<id>` is replaced by the request's id.
        case message(String, status: Int = 200)
        /// The exchange fails.
        case failure(TransportFailure.Kind, status: Int? = nil)
        /// No response until ``ScriptedExchanges/answer(_:with:)``.
        case silence

        /// A result.
        public static func result(_ text: String, status: Int = 200) -> Response {
            .message(#"{"jsonrpc":"2.0","id":<id>,"result":\#(text)}"#, status: status)
        }

        /// An error.
        public static func error(_ code: Int, status: Int = 200, data: String? = nil) -> Response {
            let data = data.map { #","data":\#($0)"# } ?? ""
            return .message(
                #"{"jsonrpc":"2.0","id":<id>,"error":{"code":\#(code),"message":"no"\#(data)}}"#,
                status: status
            )
        }
    }

    /// The outcome of opening.
    public enum Opening: Sendable {
        /// At once.
        case ready
        /// It fails.
        case failure(TransportFailure.Kind)
        /// It waits until the transport is closed.
        case never
    }

    /// Returns the outcome of a frame from its head and the number of earlier frames with its method.
    public typealias Script = @Sendable (_ frame: OutgoingFrame, _ earlier: Int) -> Response

    /// The kind that it reports.
    public let kind: TransportKind
    /// None: the in-memory transport prefers no executor.
    public var executor: (any TaskExecutor)? { nil }
    /// The transport to try instead.
    public let predecessor: (any ClientTransport)?

    private struct State {
        var receiver: (any ClientTransportReceiver)?
        var sent: [OutgoingFrame] = []
        var abandoned: [RequestID] = []
        var statuses: [RequestID: Int] = [:]
        var settled: Revision?
        var isClosed = false
    }

    private let opening: Opening
    private let script: Script
    private let closing = Gate()
    private let state = Mutex(State())

    /// Creates a transport that follows a script.
    public init(
        kind: TransportKind = .streamableHTTP,
        opening: Opening = .ready,
        predecessor: (any ClientTransport)? = nil,
        script: @escaping Script
    ) {
        self.kind = kind
        self.opening = opening
        self.predecessor = predecessor
        self.script = script
    }

    /// The sent frames, in order.
    public var sent: [OutgoingFrame] { state.withLock { $0.sent } }

    /// The methods of the sent frames, in order.
    public var methods: [String] { sent.map { $0.head.method?.rawValue ?? "(none)" } }

    /// The abandoned requests.
    public var abandoned: [RequestID] { state.withLock { $0.abandoned } }

    /// The negotiated revision.
    public var settled: Revision? { state.withLock { $0.settled } }

    /// Whether it was closed.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits until that many frames were sent; give the test a time limit.
    public func untilSent(_ count: Int) async {
        while sent.count < count { await Task.yield() }
    }

    /// Opens with the configured outcome.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        state.withLock { $0.receiver = receiver }
        switch opening {
        case .ready: break
        case .failure(let kind): throw TransportFailure(kind, "no stream came")
        case .never:
            try await closing.wait()
            throw TransportFailure(.closed, "closed while opening")
        }
    }

    /// Records the frame and performs the script's outcome before it returns.
    public func send(_ frame: OutgoingFrame) throws {
        let earlier = try state.withLock { state in
            if state.isClosed { throw TransportFailure(.closed, "the connection is closed") }
            defer { state.sent.append(frame) }
            return state.sent.count { $0.head.method == frame.head.method }
        }
        let answer = script(frame, earlier)
        if let id = frame.request { self.answer(id, with: answer) }
    }

    /// Answers a request.
    public func answer(_ id: RequestID, with answer: Response) {
        let receiver = state.withLock { $0.receiver }
        switch answer {
        case .silence: break
        case .message(let text, let status):
            note(status, of: id)
            let filled = text.split(separator: "<id>", omittingEmptySubsequences: false).joined(separator: "\(id)")
            receiver?.received(Array(filled.utf8), for: id)
        case .failure(let kind, let status):
            note(status, of: id)
            receiver?.failed(id, TransportFailure(kind, "the exchange broke", evidence: ["kind": .string("\(kind)")]))
        }
    }

    /// Sends the receiver an event that is not a frame.
    public func tell(_ note: TransportNote) {
        state.withLock { $0.receiver }?.noted(note)
    }

    private func note(_ status: Int?, of id: RequestID) {
        state.withLock { $0.statuses[id] = status }
    }

    /// Records the revision.
    public func settled(on revision: Revision) {
        state.withLock { $0.settled = revision }
    }

    /// Records the request; in the stateless era this notifies the server.
    public func abandon(_ id: RequestID) -> Bool {
        state.withLock { state in
            state.abandoned.append(id)
            return state.settled?.era != .legacy
        }
    }

    /// Closes the transport.
    public func close() async -> TransportEnd {
        let end = TransportEnd(cause: .closedByUs, reason: "the connection was closed")
        let receiver = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed ? nil : state.receiver
        }
        closing.open()
        receiver?.ended(end)
        return end
    }

    /// Empty: there is no process or URL to report.
    public func evidence() -> JSONObject { [:] }

    /// The status of an exchange.
    public func evidence(of request: RequestID) -> JSONObject? {
        state.withLock { $0.statuses[request] }.map { ["status": JSONValue($0)] }
    }
}

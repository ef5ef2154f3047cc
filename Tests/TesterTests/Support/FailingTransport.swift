import JSON
import JSONRPC
import MCPTransport
import Synchronization
import TestSupport

/// A way to a server of this process that passes for HTTP and breaks as a test says.
final class FailingTransport: ClientTransport {
    let kind = TransportKind.streamableHTTP
    var executor: (any TaskExecutor)? { nil }

    private let base: InMemoryTransport
    private let failure: TransportFailure
    private let method: String?
    private let receiver = Mutex<(any ClientTransportReceiver)?>(nil)
    private let broken = Mutex<Set<RequestID>>([])

    /// Creates a way; it cannot be opened, or breaks at each request of the method.
    init(_ server: CannedServer, _ failure: TransportFailure, at method: String? = nil) {
        base = server.transport()
        self.failure = failure
        self.method = method
    }

    func open(_ receiver: any ClientTransportReceiver) async throws {
        guard method != nil else { throw failure }
        self.receiver.withLock { $0 = receiver }
        try await base.open(receiver)
    }

    func send(_ frame: OutgoingFrame) throws {
        guard let method, let id = frame.request, String(decoding: frame.bytes, as: UTF8.self).contains("\"\(method)\"")
        else { return try base.send(frame) }
        _ = broken.withLock { $0.insert(id) }
        receiver.withLock { $0 }?.failed(id, failure)
    }

    func abandon(_ id: RequestID) -> Bool { true }
    func close() async -> TransportEnd { await base.close() }
    func evidence() -> JSONObject { ["url": "http://localhost/mcp"] }

    func evidence(of request: RequestID) -> JSONObject? {
        broken.withLock { $0.contains(request) } ? failure.evidence : ["method": "POST", "status": 200]
    }
}

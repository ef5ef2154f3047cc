import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// One connection to several processes of the same server: each request goes to another process than the one before.
///
/// A server that keeps no state between requests does not notice. The calls of all transports must come on one loop, as
/// those of child processes do.
final class RoundRobinTransport: ClientTransport {
    private let instances: [any ClientTransport]
    private let state: Mutex<State>

    private struct State {
        var rotation: Rotation
        var turns: [InstanceTurn] = []
        var owners: [RequestID: Int] = [:]
        /// The instance that sent a request last, to which responses go.
        var asker = 0
        var hasEnded = false
    }

    /// Creates a connection to processes that are not started yet, at least one.
    init(_ instances: [any ClientTransport]) {
        self.instances = instances
        state = Mutex(State(rotation: Rotation(count: instances.count)))
    }

    /// The requests that were sent, in order.
    var turns: [InstanceTurn] { state.withLock { $0.turns } }

    // MARK: - Opening and closing

    var kind: TransportKind { instances[0].kind }

    var executor: (any TaskExecutor)? { instances[0].executor }

    func open(_ receiver: any ClientTransportReceiver) async throws {
        for (index, instance) in instances.enumerated() {
            do {
                try await instance.open(InstanceReceiver(index, of: self, receiver))
            } catch {
                for started in instances[..<index] { await started.closeAtOnce() }
                throw error
            }
        }
    }

    func settled(on revision: Revision) {
        for instance in instances { instance.settled(on: revision) }
    }

    func close() async -> TransportEnd { await end { await $0.close() } }

    func closeAtOnce() async -> TransportEnd { await end { await $0.closeAtOnce() } }

    private func end(_ close: @escaping @Sendable (any ClientTransport) async -> TransportEnd) async -> TransportEnd {
        await withTaskGroup(of: Void.self) { group in
            for instance in instances.dropFirst() { group.addTask { _ = await close(instance) } }
            return await close(instances[0])
        }
    }

    // MARK: - Sending

    func send(_ frame: OutgoingFrame) throws {
        try instances[choose(frame)].send(frame)
    }

    private func choose(_ frame: OutgoingFrame) -> Int {
        if frame.isResponse { return state.withLock { $0.asker } }
        guard let id = frame.request else { return notificationOwner(frame) }
        let turn = InstanceTurn.Subject(frame)
        return state.withLock { state in
            let index = state.rotation.next(for: turn.method, hasCursor: turn.hasCursor)
            state.turns.append(InstanceTurn(subject: turn, instance: index + 1))
            state.owners[id] = index
            return index
        }
    }

    /// The instance that works on the request which a notification is about; otherwise the one whose turn it is.
    private func notificationOwner(_ frame: OutgoingFrame) -> Int {
        var about: RequestID?
        do throws(JSONError) {
            let id = try JSONValue(parsing: frame.bytes)["params"]?["requestId"]
            about = id.flatMap { RequestID($0) }
        } catch {
            // A test may send bytes that are not JSON.
        }
        return state.withLock { state in
            about.flatMap { state.owners[$0] } ?? state.rotation.upcoming
        }
    }

    func abandon(_ id: RequestID) -> Bool {
        state.withLock { $0.owners[id] }.map { instances[$0].abandon(id) } ?? false
    }

    func isInputUnread() async -> Bool? { await instances[0].isInputUnread() }

    // MARK: - Evidence

    func evidence() -> JSONObject {
        var facts = instances[0].evidence()
        facts["instances"] = .array(instances.map { .object($0.evidence()) })
        return facts
    }

    // MARK: - Receiving

    fileprivate func noteRequest(from index: Int) { state.withLock { $0.asker = index } }

    /// Whether the connection ends with this instance; it ends with the first.
    fileprivate func ends() -> Bool {
        state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
    }

    fileprivate var hasEnded: Bool { state.withLock { $0.hasEnded } }
}

/// Passes on what one instance sends.
private final class InstanceReceiver: ClientTransportReceiver {
    private let index: Int
    private let transport: RoundRobinTransport
    private let receiver: any ClientTransportReceiver

    init(_ index: Int, of transport: RoundRobinTransport, _ receiver: any ClientTransportReceiver) {
        self.index = index
        self.transport = transport
        self.receiver = receiver
    }

    func received(_ frame: Frame, for request: RequestID?) {
        guard !transport.hasEnded else { return }
        if case .message(.request) = frame.content { transport.noteRequest(from: index) }
        receiver.received(frame, for: request)
    }

    func failed(_ id: RequestID, _ failure: TransportFailure) {
        if !transport.hasEnded { receiver.failed(id, failure) }
    }

    func noted(_ note: TransportNote) {
        if !transport.hasEnded { receiver.noted(note) }
    }

    func ended(_ end: TransportEnd) {
        guard transport.ends() else { return }
        var end = end
        if end.cause != .closedByUs { end.reason += " (instance \(index + 1))" }
        receiver.ended(end)
    }
}

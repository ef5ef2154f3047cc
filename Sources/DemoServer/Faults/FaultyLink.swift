import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// Applies faults to the messages between a host and the server.
final class FaultyLink: Sendable {
    private struct State {
        var hasStarted = false
        var responseCount = 0
        var requests: [RequestID: TrackedRequest] = [:]

        /// Returns true for the first call only.
        mutating func start() -> Bool {
            defer { hasStarted = true }
            return !hasStarted
        }

        mutating func takeRequest(_ id: RequestID) -> (TrackedRequest, number: Int)? {
            guard let request = requests.removeValue(forKey: id) else { return nil }
            responseCount += 1
            return (request, responseCount)
        }
    }

    private let faults: Set<Fault>
    private let scheduler: any Scheduler
    private let effects: ProcessEffects
    private let state = Mutex(State())

    init(
        faults: Set<Fault>,
        scheduler: any Scheduler,
        effects: ProcessEffects
    ) {
        self.faults = faults
        self.scheduler = scheduler
        self.effects = effects
    }

    typealias Send = @Sendable (ServerSending) -> Void

    // MARK: - From the host

    /// Returns the frame that the server receives: the original, a replacement or none.
    func receive(_ frame: Frame, with send: Send) -> Frame? {
        if faults.contains(.silent) { return nil }
        if faults.contains(.noiseOnStdout), state.withLock({ $0.start() }) {
            sendLine("Demo server 1.0 is ready!", with: send)
        }
        guard case .message(.request(let request)) = frame.content else { return frame }
        if faults.contains(.silentOnUnknownMethods), request.isUnknownToLegacyServers { return nil }
        let tracked = TrackedRequest(request)
        state.withLock { $0.requests[request.id] = tracked }
        guard tracked.isToolCall else {
            guard changesCursors, let bytes = tracked.withoutCursor else { return frame }
            return Frame(received: bytes)
        }
        if faults.contains(.stderrFlood) { effects.flood() }
        if faults.contains(.crashOnCall) {
            effects.writeError("demo-server: fatal error: index out of range\n")
            effects.crash()
            return nil
        }
        return faults.contains(.neverAnswer) ? nil : frame
    }

    /// Whether the link sends cursors that the server does not know.
    private var changesCursors: Bool {
        !faults.isDisjoint(with: [.endlessPages, .loopingCursor, .emptyCursor])
    }

    // MARK: - To the host

    /// Sends a message of the server, changed by the faults.
    func send(_ sending: ServerSending, with send: @escaping Send) {
        guard case .answer(let bytes, let code) = sending, let response = response(in: bytes) else {
            send(sending)
            return
        }
        if faults.contains(.noiseOnStdout) { sendLine("DEBUG responding to \(response.request.method)", with: send) }
        let frames = response.frames.map { ServerSending.answer($0, code: code) }
        guard response.request.isToolCall, faults.contains(.slow) else {
            for frame in frames { send(frame) }
            return
        }
        // If the conversation has ended by then, the transport drops the response.
        _ = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(5))) {
            for frame in frames { send(frame) }
        }
    }

    /// Reads a frame as the response to a tracked request.
    private func response(in bytes: [UInt8]) -> FaultyResponse? {
        guard case .message(let message) = Frame(received: bytes).content, let (id, result) = message.responseParts,
            let (request, number) = state.withLock({ $0.takeRequest(id) })
        else { return nil }
        return FaultyResponse(request: request, original: bytes, result: result, faults: faults, number: number)
    }

    private func sendLine(_ text: String, with send: Send) {
        send(.notification(Array(text.utf8)))
    }
}

/// The parts of a request that are needed to change its response.
struct TrackedRequest: Sendable {
    let id: RequestID
    let method: String
    let cursor: String?
    /// The request without its cursor, which the server may not know.
    let withoutCursor: [UInt8]?

    init(_ request: Message.Request) {
        id = request.id
        method = request.method
        cursor = request.method == Method.toolsList.rawValue ? request.params?["cursor"]?.string : nil
        var params = cursor == nil ? nil : request.params?.value().object
        params?["cursor"] = nil
        withoutCursor = params.map {
            Message.encode(id: request.id, method: request.method, params: JSONText(.object($0)))
        }
    }

    var isToolCall: Bool { method == Method.toolsCall.rawValue }
}

extension Message {
    /// The ID of a response, and its result unless it is an error.
    fileprivate var responseParts: (RequestID, JSONObject?)? {
        switch self {
        case .response(let id, let result): (id, result.value().object)
        case .failure(let id?, _): (id, nil)
        default: nil
        }
    }
}

extension Message.Request {
    /// Whether a server of the latest legacy revision does not know the method.
    fileprivate var isUnknownToLegacyServers: Bool {
        let isModern = params?["_meta"]?.members?.contains { $0.key == MetaKey.protocolVersion.rawValue } ?? false
        return isModern || !Revision.latestLegacy.profile.allows(Method(rawValue: method), .clientToServer)
    }
}

import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// What stands between a host and the server and makes its messages fail as the faults say.
final class FaultyLink: Sendable {
    private struct State {
        var isNew = true
        var answerCount = 0
        var asked: [RequestID: Asked] = [:]

        mutating func takeNewness() -> Bool {
            defer { isNew = false }
            return isNew
        }

        mutating func takeAsked(_ id: RequestID) -> (Asked, number: Int)? {
            guard let asked = asked.removeValue(forKey: id) else { return nil }
            answerCount += 1
            return (asked, answerCount)
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

    typealias Way = @Sendable (ServerSending) -> Void

    // MARK: - From the host

    /// What of a frame the server gets to see: the frame, another one in its place, or nothing.
    func request(_ frame: Frame, by way: Way) -> Frame? {
        if faults.contains(.silent) { return nil }
        if faults.contains(.noiseOnStdout), state.withLock({ $0.takeNewness() }) {
            sendLine("Demo server 1.0 is ready!", by: way)
        }
        guard case .message(.request(let request)) = frame.content else { return frame }
        if faults.contains(.silentOnUnknownMethods), request.isUnknownToOldServers { return nil }
        let asked = Asked(request)
        state.withLock { $0.asked[request.id] = asked }
        guard asked.isToolCall else {
            guard hasOwnPages, let bytes = asked.withoutCursor else { return frame }
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

    /// Whether the cursors are the link's and not the server's.
    private var hasOwnPages: Bool {
        !faults.isDisjoint(with: [.endlessPages, .loopingCursor, .emptyCursor])
    }

    // MARK: - To the host

    /// Sends what the faults make of a frame of the server.
    func answer(_ sending: ServerSending, by way: @escaping Way) {
        guard case .answer(let bytes, let code) = sending, let answer = answer(in: bytes) else {
            way(sending)
            return
        }
        if faults.contains(.noiseOnStdout) { sendLine("DEBUG answering \(answer.asked.method)", by: way) }
        let frames = answer.frames.map { ServerSending.answer($0, code: code) }
        guard answer.asked.isToolCall, faults.contains(.slow) else {
            for frame in frames { way(frame) }
            return
        }
        // Once the conversation is over, the late answer goes nowhere.
        _ = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(5))) {
            for frame in frames { way(frame) }
        }
    }

    /// The answer that a frame of the server is, if it is one.
    private func answer(in bytes: [UInt8]) -> FaultyAnswer? {
        guard case .message(let message) = Frame(received: bytes).content, let (id, result) = message.answer,
            let (asked, number) = state.withLock({ $0.takeAsked(id) })
        else { return nil }
        return FaultyAnswer(asked: asked, original: bytes, result: result, faults: faults, number: number)
    }

    private func sendLine(_ text: String, by way: Way) {
        way(.notification(Array(text.utf8)))
    }
}

/// What must be remembered of a request to spoil its answer.
struct Asked: Sendable {
    let id: RequestID
    let method: String
    let cursor: String?
    /// The request without its cursor, for a page that the server knows nothing of.
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
    /// The id that is answered, and the result if it is no error.
    fileprivate var answer: (RequestID, JSONObject?)? {
        switch self {
        case .response(let id, let result): (id, result.value().object)
        case .failure(let id?, _): (id, nil)
        default: nil
        }
    }
}

extension Message.Request {
    /// Tells whether a server that knows the latest handshake revision only would not know what this is.
    fileprivate var isUnknownToOldServers: Bool {
        let isModern = params?["_meta"]?.members?.contains { $0.key == MetaKey.protocolVersion.rawValue } ?? false
        return isModern || !Revision.latestLegacy.profile.allows(Method(rawValue: method), .clientToServer)
    }
}

import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1
import Synchronization

/// What one POST of the legacy era asked, and the answers.
///
/// A stream is begun as late as can be. Who leaves has not cancelled: what was begun as a stream is kept for them.
/// Source: 2025-11-25, "Streamable HTTP", "Sending Messages to the Server".
final class LegacyExchange: ResponseWriterDelegate {
    private struct State {
        /// How many answers are still to come.
        var left: Int
        var answers: [[UInt8]] = []
        var stream: Int?
        var isGone = false
    }

    private let session: HTTPSession
    private let way: ResponseWriter
    private let acceptance: Acceptance
    private let streams: Quota
    private let isBatch: Bool
    private let fields: [(String, String)]
    private let state: Mutex<State>

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - count: How many answers the POST wants.
    ///   - isBatch: Whether they are given in an array.
    ///   - fields: What the head of the answer says.
    init(
        _ session: HTTPSession,
        _ way: ResponseWriter,
        _ acceptance: Acceptance,
        count: Int = 1,
        isBatch: Bool = false,
        fields: [(String, String)] = [],
        streams: Quota
    ) {
        self.session = session
        self.way = way
        self.acceptance = acceptance
        self.isBatch = isBatch
        self.fields = fields
        self.streams = streams
        state = Mutex(State(left: count))
        session.started()
    }

    /// Takes what the conversation has to send.
    func take(_ sending: ServerSending) {
        let other = state.withLock { state in
            switch sending {
            case .answer(let bytes, let code): answer(bytes, code, &state)
            case .notification(let bytes): begin(&state).flatMap { session.put(bytes, on: $0) }
            // A question must be read by somebody: of those who read no stream here, the own stream may be open.
            case .request(let bytes): session.put(bytes, on: begin(&state) ?? ReplayBuffer.own)
            case .dropped: answer(nil, nil, &state)
            case .pause(let retry): begin(&state).flatMap { session.pause($0, retry: retry) }
            }
        }
        // A stream that was taken up again goes another way than the one it began on.
        other?.flush()
        way.flush()
    }

    private func answer(_ bytes: [UInt8]?, _ code: Int?, _ state: inout State) -> ResponseWriter? {
        state.left -= 1
        let isLast = state.left == 0
        if isLast { session.finished() }
        if state.stream == nil, !acceptance.json { _ = begin(&state) }
        if let stream = state.stream {
            if let bytes { return session.put(bytes, on: stream, isLast: isLast) }
            return isLast ? session.finish(stream) : nil
        }
        if let bytes { state.answers.append(bytes) }
        if isLast { putWhole(state.answers, code) }
        return nil
    }

    private func putWhole(_ answers: [[UInt8]], _ code: Int?) {
        guard let first = answers.first else { return putNothing() }
        let isMalformed = !isBatch && [.parseError, .invalidRequest].contains(code.map(ErrorCode.init(rawValue:)))
        var answer = HTTPResponse.json(first, isMalformed ? .badRequest : .ok)
        if isBatch { answer.body = Self.array(answers) }
        answer.fields += fields
        way.put(answer)
    }

    /// What was cancelled has no answer, but the request of HTTP must have one.
    private func putNothing() {
        if session.conversation == nil {
            way.put(.refusal(.notFound, "the session has ended"))
        } else if acceptance.events {
            way.putBeginning(fields)
            way.putEnd()
        } else {
            way.put(.empty(.noContent, fields: fields))
        }
    }

    private static func array(_ messages: [[UInt8]]) -> [UInt8] {
        var bytes = [UInt8(ascii: "[")]
        for (index, message) in messages.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += message
        }
        bytes.append(UInt8(ascii: "]"))
        return bytes
    }

    /// Begins the stream unless it has begun, for those who can read one and are there.
    private func begin(_ state: inout State) -> Int? {
        if let stream = state.stream { return stream }
        guard acceptance.events, !state.isGone, state.left > 0 || !acceptance.json else { return nil }
        guard let lease = streams.take() else {
            way.put(.refusal(.serviceUnavailable, "too many streams of events are open; try again later"))
            state.isGone = true
            return nil
        }
        way.belong(to: nil, holding: lease)
        state.stream = session.openStream(way, fields)
        // Answers of a batch that were gathered for an array go first.
        for answer in state.answers { _ = session.put(answer, on: state.stream ?? ReplayBuffer.own) }
        state.answers = []
        return state.stream
    }

    func responseIsIdle() {
        state.withLock { _ = begin(&$0) }
        way.flush()
    }

    func connectionClosed() {
        state.withLock { $0.isGone = true }
        session.detach(way)
    }

    /// An answer ends it.
    func responseShouldEnd() {}

    func responseMustEnd(_ error: RPCError) {
        session.conversation?.abort(error)
    }
}

import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

/// One POST of the legacy era and its response.
///
/// The event stream is opened as late as possible. A client that leaves does not cancel its request: once the stream is open, its
/// events are kept for replay.
/// Source: 2025-11-25, "Streamable HTTP", "Sending Messages to the Server".
final class LegacyExchange: ResponseWriterDelegate {
    private enum Output {
        /// Nothing was sent yet; these responses may become one JSON body.
        case collecting([[UInt8]])
        case stream(Int)
        /// The client left before a stream was open, or no stream could be opened.
        case closed
    }

    private let session: HTTPSession
    private let writer: ResponseWriter
    private let share: RequestShare
    private let accepted: AcceptedTypes
    private let streams: Quota
    private let isBatch: Bool
    private let fields: [(String, String)]
    private var output = Output.collecting([])
    private var remainingResponses: Int

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - count: The number of responses.
    ///   - isBatch: Whether a JSON body is an array of them.
    ///   - fields: Headers of the response.
    init(
        _ session: HTTPSession,
        _ writer: ResponseWriter,
        _ share: RequestShare,
        _ accepted: AcceptedTypes,
        count: Int = 1,
        isBatch: Bool = false,
        fields: [(String, String)] = [],
        streams: Quota
    ) {
        self.session = session
        self.writer = writer
        self.share = share
        self.accepted = accepted
        self.isBatch = isBatch
        self.fields = fields
        self.streams = streams
        remainingResponses = count
        session.requestBegan()
    }

    /// Sends what the conversation sends for this request.
    func send(_ batch: [ServerSending]) {
        for sending in batch {
            let used = put(sending)
            // A stream that was resumed is sent by another response than the one that it began in.
            if used !== writer { used?.flush() }
        }
        writer.flush()
    }

    private func put(_ sending: ServerSending) -> ResponseWriter? {
        switch sending {
        case .answer(let bytes, let code): putResponse(bytes, code)
        case .notification(let bytes): openStream().flatMap { session.put(bytes, on: $0) }
        // A client that reads no stream here may still read the session's own.
        case .request(let bytes): session.put(bytes, on: openStream() ?? ReplayBuffer.sessionStream)
        case .dropped: putResponse(nil, nil)
        case .pause(let retry): openStream().flatMap { session.release($0, retry: retry) }
        }
    }

    private func putResponse(_ bytes: [UInt8]?, _ code: Int?) -> ResponseWriter? {
        remainingResponses -= 1
        let isLast = remainingResponses == 0
        if isLast { session.requestEnded() }
        if !accepted.json { _ = openStream() }
        switch output {
        case .stream(let stream):
            if let bytes { return session.put(bytes, on: stream, isLast: isLast) }
            return isLast ? session.finish(stream) : nil
        case .collecting(var responses):
            if let bytes { responses.append(bytes) }
            output = .collecting(responses)
            if isLast { putBody(responses, code) }
        case .closed: break
        }
        return nil
    }

    private func putBody(_ responses: [[UInt8]], _ code: Int?) {
        guard let first = responses.first else { return putEmptyResponse() }
        let isMalformed = !isBatch && [.parseError, .invalidRequest].contains(code.map(ErrorCode.init(rawValue:)))
        var response = HTTPResponse.json(first, isMalformed ? .badRequest : .ok)
        if isBatch { response.body = Self.array(responses) }
        response.fields += fields
        writer.put(response)
    }

    /// A cancelled request has no response, but its HTTP request must have one.
    private func putEmptyResponse() {
        if session.conversation == nil {
            writer.put(.refusal(.notFound, "the session was closed"))
        } else if accepted.events {
            writer.putStreamHead(fields)
            writer.putStreamEnd()
        } else {
            writer.put(.empty(.noContent, fields: fields))
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

    /// The stream of the exchange, which is opened if the client can read one; nil if there is none.
    private func openStream() -> Int? {
        switch output {
        case .stream(let stream): return stream
        case .closed: return nil
        case .collecting(let responses):
            guard accepted.events, remainingResponses > 0 || !accepted.json else { return nil }
            guard let permit = streams.acquire() else {
                writer.put(.overloaded("too many event streams are open", retryAfter: 5))
                output = .closed
                return nil
            }
            writer.hold(permit)
            let stream = session.openStream(writer, fields)
            // The stream sends first what was collected for a body.
            for response in responses { _ = session.put(response, on: stream) }
            output = .stream(stream)
            return stream
        }
    }

    // MARK: - The connection

    func responseIsIdle() {
        _ = openStream()
        writer.flush()
    }

    func connectionClosed() {
        if case .collecting = output { output = .closed }
        session.detach(writer)
    }

    /// The response ends with the request.
    func responseShouldEnd() {}

    func responseMustEnd(_ error: RPCError) {
        session.conversation?.abort(error)
    }
}

import AsyncHTTPClient
import AsyncRuntime
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// One request of HTTP: what is asked.
struct ExchangePlan: Sendable {
    var method: HTTPMethod
    var url: HTTPURL
    var fields: HTTPHeaders
    var body: [UInt8]?
    /// The names of the fields that the user gave, in small letters: their values are not shown.
    var userFields: Set<String> = []
}

/// What comes of an exchange, step by step; exactly one of ``ended(_:)``, ``answer(_:)`` and ``failed(_:)`` is the last.
enum ExchangeStep: Sendable {
    /// The answer is a stream of events.
    case streaming(HTTPHeaders)
    /// An event of it.
    case event(EventStreamEvent)
    /// The stream is over.
    case ended(StreamEnding)
    /// The answer is no stream and has come whole.
    case answer(ReceivedResponse)
    /// No answer came.
    case failed(TransportFailure)
}

/// How a stream of events ended, and how to come back.
struct StreamEnding: Sendable {
    /// Why it broke; nothing where it ended in good order.
    var failure: TransportFailure?
    var isMidEvent: Bool
    var eventCount: Int
    var lastEventID: String?
    var retry: Int?
}

/// An answer that is no stream.
struct ReceivedResponse: Sendable {
    var status: HTTPResponseStatus
    var fields: HTTPHeaders
    var body: [UInt8]
    /// The content type without its parameters, in small letters.
    var mediaType: String?

    var isSuccess: Bool { (200..<300).contains(status.code) }
}

/// One exchange of HTTP in progress: takes what arrives on the event loop and hands it on there.
final class HTTPExchange: HTTPClientResponseDelegate {
    typealias Response = Void

    let record: ExchangeRecord
    private let wire: Wire
    private let sink: @Sendable (ExchangeStep) -> Void
    private let firstURL: HTTPURL
    private let state: Mutex<State>

    private enum Phase {
        case waiting
        case collecting(ReceivedResponse, limit: Int)
        case streaming(EventStreamParser, count: Int)
        case done
    }

    private struct State {
        var plan: ExchangePlan
        var phase = Phase.waiting
        var task: HTTPClient.Task<Void>?
        var redirects = 0
        /// Whether all redirects that were followed hold for later requests; nothing where none was.
        var hasMoved: Bool?
        var isCancelled = false
    }

    init(_ plan: ExchangePlan, on wire: Wire, _ sink: @escaping @Sendable (ExchangeStep) -> Void) {
        self.wire = wire
        self.sink = sink
        firstURL = plan.url
        state = Mutex(State(plan: plan))
        record = ExchangeRecord(plan)
    }

    /// What is asked; after a redirect, of the place that it named.
    var plan: ExchangePlan { state.withLock { $0.plan } }

    func start() {
        wire.start(self)
    }

    /// Tells whether something of it is still to come.
    var isRunning: Bool {
        state.withLock { state in
            if case .done = state.phase { false } else { true }
        }
    }

    func isRunning(as task: HTTPClient.Task<Void>) {
        let isDone = state.withLock { state in
            if case .done = state.phase { return true }
            state.task = task
            return false
        }
        if isDone { task.cancel() }
    }

    /// Lets go of it: nothing is told any more, and its connection or stream is closed.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        finish().task?.cancel()
        record.ended()
    }

    /// The request could not even be made.
    func failed(_ failure: TransportFailure) {
        end(failure)
    }

    /// Marks the exchange as done, and gives back how far it was and what still runs of it.
    private func finish() -> (phase: Phase, task: HTTPClient.Task<Void>?) {
        state.withLock { state in
            defer { (state.phase, state.task) = (.done, nil) }
            return (state.phase, state.task)
        }
    }
}

// MARK: - What arrives

extension HTTPExchange {
    func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) {
        record.sent(head, by: wire.connectionOfLastHead)
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        record.began(head)
        let mediaType = head.headers.first(name: "Content-Type").map(Self.mediaType)
        let isSuccess = (200..<300).contains(head.status.code)
        if isSuccess { rememberPlace() }
        if isSuccess, mediaType == "text/event-stream" {
            let parser = EventStreamParser(limit: wire.target.endpoint.limits.responseBytes)
            let isFirst = state.withLock { state in
                guard case .waiting = state.phase else { return false }
                state.phase = .streaming(parser, count: 0)
                return true
            }
            if isFirst { sink(.streaming(head.headers)) }
        } else {
            let answer = ReceivedResponse(status: head.status, fields: head.headers, body: [], mediaType: mediaType)
            // Of what is no message a beginning is enough.
            let mayBeMessage = mediaType.map { $0.hasSuffix("json") } ?? false
            let limit = wire.target.endpoint.limits.responseBytes
            state.withLock { state in
                guard case .waiting = state.phase else { return }
                state.phase = .collecting(answer, limit: mayBeMessage ? limit : min(limit, 1 << 20))
            }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        var events: [EventStreamEvent] = []
        var isTooLarge = false
        var isNoMessage = false
        state.withLock { state in
            switch state.phase {
            case .waiting, .done: break
            case .collecting(var answer, let limit):
                state.phase = .done
                let room = limit - answer.body.count
                buffer.withUnsafeReadableBytes { bytes in
                    answer.body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<min(room, bytes.count)]))
                }
                isNoMessage = answer.isSuccess && answer.cannotBecomeMessage
                isTooLarge = !isNoMessage && buffer.readableBytes > room
                state.phase = .collecting(answer, limit: limit)
            case .streaming(var parser, let count):
                state.phase = .done
                do {
                    try buffer.withUnsafeReadableBytes { bytes in try parser.append(bytes) { events.append($0) } }
                } catch {
                    isTooLarge = true
                }
                state.phase = .streaming(parser, count: count + events.count)
            }
        }
        if !events.isEmpty { record.count(events.count) }
        if !events.isEmpty { wire.scheduler.deliver { for event in events { sink(.event(event)) } } }
        if isTooLarge { end(tooLarge(), cancelling: true) }
        // A page need not be read to its end, which may never come.
        if isNoMessage { end(nil, cancelling: true) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        WireFailure(error, of: plan, on: wire, hasHead: record.hasHead).resolve { [self] failure in
            end(failure)
        }
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws {
        wire.scheduler.deliver { end(nil) }
    }

    private func end(_ failure: TransportFailure?, cancelling: Bool = false) {
        let (phase, task) = finish()
        if cancelling { task?.cancel() }
        switch phase {
        case .done: break
        case .collecting(let answer, _) where failure == nil:
            if follows(answer) { return start() }
            record.ended(body: answer.body)
            sink(.answer(answer))
        case .streaming(let parser, let count):
            record.ended(failure: failure)
            let ending = StreamEnding(
                failure: failure.map(record.completing),
                isMidEvent: parser.isMidEvent,
                eventCount: count,
                lastEventID: parser.lastEventID,
                retry: parser.retry
            )
            sink(.ended(ending))
        case .waiting, .collecting:
            let failure = failure ?? TransportFailure(.broken, "no answer came from \(plan.url)")
            record.ended(failure: failure)
            sink(.failed(record.completing(failure)))
        }
    }

    /// Goes where a redirect leads, if the user wants that and it is the same origin, to which nothing new is told.
    private func follows(_ answer: ReceivedResponse) -> Bool {
        guard wire.target.endpoint.followsRedirects, Self.redirects.contains(answer.status.code),
            let location = answer.fields.first(name: "Location")
        else { return false }
        let here = plan.url
        let next: HTTPURL
        do throws(HTTPURL.Fault) {
            next = try here.resolving(location)
        } catch {
            // Where it leads is no URL: the redirect is told as it is.
            return false
        }
        guard next.origin == here.origin else { return false }
        return state.withLock { state in
            guard !state.isCancelled, state.redirects < 5 else { return false }
            record.redirected(from: here, status: answer.status.code)
            state.redirects += 1
            state.hasMoved = (state.hasMoved ?? true) && Self.lastingRedirects.contains(answer.status.code)
            state.plan.url = next
            state.phase = .waiting
            return true
        }
    }

    /// What is asked next goes straight to where redirects led and something was had: to be redirected each time would
    /// double every request.
    private func rememberPlace() {
        let (plan, hasMoved) = state.withLock { ($0.plan, $0.hasMoved) }
        if hasMoved == true { wire.moved(from: firstURL, to: plan.url) }
    }

    /// Those that are followed: by the same method with the same body.
    private static let redirects: Set<UInt> = [301, 302, 307, 308]
    /// Those that hold for the connection: 302, which promises nothing about the next request, is followed each time.
    private static let lastingRedirects: Set<UInt> = [301, 307, 308]

    private func tooLarge() -> TransportFailure {
        let limit = wire.target.endpoint.limits.responseBytes
        return TransportFailure(
            .tooLarge,
            "the answer of \(plan.url) is larger than the \(limit) bytes that are taken",
            advice: "Raise the limit of messages if the answer is meant to be that large."
        )
    }

    private static func mediaType(_ value: String) -> String {
        // What nearly every answer says needs no taking apart.
        if value == "application/json" || value == "text/event-stream" { return value }
        var type = value.utf8.prefix { $0 != UInt8(ascii: ";") }
        type = type.drop { $0 == UInt8(ascii: " ") }
        while type.last == UInt8(ascii: " ") { type.removeLast() }
        return String(Substring(type)).lowercased()
    }
}

extension ReceivedResponse {
    /// Tells whether what came so far shows that no message will come of it: neither a type of JSON nor a beginning.
    fileprivate var cannotBecomeMessage: Bool {
        if let mediaType, mediaType.hasSuffix("json") { return false }
        let first = body.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        return first.map { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") } ?? false
    }
}

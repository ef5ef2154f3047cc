import AsyncHTTPClient
import AsyncRuntime
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1

/// An HTTP request in progress and its response.
///
/// Lives on the loop of its connection pool.
final class HTTPExchange {
    let record: ExchangeRecord
    private(set) var request: ExchangeRequest
    private let pool: ConnectionPool
    private let originalURL: HTTPURL
    private let onStep: (ExchangeStep) -> Void
    private var phase = Phase.waiting
    private var task: HTTPClient.Task<Void>?
    private var redirects = Redirects()

    private enum Phase {
        case waiting
        case collecting(ReceivedResponse, HTTPResponseHead)
        case streaming(EventStreamParser, HTTPResponseHead)
        case finished
    }

    private struct Redirects {
        var count = 0
        /// Whether all of them are permanent.
        var arePermanent = true
    }

    /// Creates an exchange; nothing is sent before ``start()``.
    ///
    /// - Parameter onStep: Called on the loop, and not after ``cancel()``.
    init(_ request: ExchangeRequest, on pool: ConnectionPool, _ onStep: @escaping (ExchangeStep) -> Void) {
        self.request = request
        self.pool = pool
        self.onStep = onStep
        originalURL = request.url
        record = ExchangeRecord(request, secrets: pool.target.secrets)
    }

    /// Whether steps may follow.
    var isRunning: Bool {
        if case .finished = phase { false } else { true }
    }

    func start() {
        pool.loop.assertInEventLoop()
        let delegate = ExchangeDelegate(exchange: NIOLoopBound(self, eventLoop: pool.loop))
        do {
            let request = pool.target.tokens?.proven(request) ?? request
            let task = try pool.execute(request, delegate: delegate)
            if isRunning { self.task = task } else { task.cancel() }
        } catch let error as HTTPClientError {
            // Its full description would quote header values.
            finish(TransportFailure(.usage, "the request cannot be sent: \(error.shortDescription)"))
        } catch {
            finish(TransportFailure(.usage, "the request cannot be sent: \(error)"))
        }
    }

    /// Ends the exchange without a further step, and closes its connection or HTTP/2 stream.
    func cancel() {
        _ = leave(cancelling: true)
        record.ended()
    }

    private func leave(cancelling: Bool) -> Phase {
        pool.loop.assertInEventLoop()
        let (lastPhase, lastTask) = (phase, task)
        // First, because cancelling calls the delegate at once.
        (phase, task) = (.finished, nil)
        if cancelling { lastTask?.cancel() }
        return lastPhase
    }
}

// MARK: - What arrives

/// Passes the callbacks of the HTTP client, which come on the loop, to the exchange.
private final class ExchangeDelegate: HTTPClientResponseDelegate {
    typealias Response = Void

    private let exchange: NIOLoopBound<HTTPExchange>

    init(exchange: NIOLoopBound<HTTPExchange>) {
        self.exchange = exchange
    }

    func didSendRequestHead(task: HTTPClient.Task<Void>, _ head: HTTPRequestHead) {
        exchange.value.sentHead(head)
    }

    func didReceiveHead(task: HTTPClient.Task<Void>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        exchange.value.receivedHead(head)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Void>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        exchange.value.receivedBody(buffer)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        exchange.value.receivedError(error, bound: exchange)
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) throws {
        exchange.value.receivedEnd()
    }
}

extension HTTPExchange {
    fileprivate func sentHead(_ head: HTTPRequestHead) {
        record.sent(head, by: pool.currentConnection)
    }

    fileprivate func receivedHead(_ head: HTTPResponseHead) {
        guard case .waiting = phase else { return }
        record.received(head)
        pool.target.tokens?.readNonce(head.headers)
        let mediaType = head.headers.first(name: "Content-Type").map(Self.mediaType)
        if head.status.isSuccess {
            rememberURL()
            if mediaType == "text/event-stream" {
                phase = .streaming(EventStreamParser(limit: limit), head)
                return onStep(.streamStarted(head.headers))
            }
        }
        var response = ReceivedResponse(head, mediaType: mediaType)
        if !head.headers.contains(name: "Content-Encoding"),
            let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) })
        {
            // Without this, a large body would be copied several times while it grows.
            response.body.reserveCapacity(min(max(length, 0), limit))
        }
        phase = .collecting(response, head)
    }

    fileprivate func receivedBody(_ buffer: ByteBuffer) {
        switch phase {
        case .waiting, .finished: break
        case .collecting(var response, let head):
            // The body must have one owner, or appending copies it.
            phase = .waiting
            let room = limit - response.body.count
            buffer.withUnsafeReadableBytes { bytes in
                response.body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
            }
            let isLarge = response.body.count >= Self.excerptBytes
            let isEnough = (response.isSuccess || isLarge) && response.cannotBecomeMessage
            let isTooLarge = buffer.readableBytes > room
            phase = .collecting(response, head)
            if isEnough {
                // The end of a web page would add nothing, and may never come.
                finish(nil, cancelling: true)
            } else if isTooLarge {
                finish(.tooLarge("the response", from: request.url, limit: limit), cancelling: true)
            }
        case .streaming(var parser, let head):
            phase = .waiting
            var events: [EventStreamEvent] = []
            var isTooLarge = false
            do {
                try buffer.withUnsafeReadableBytes { bytes in try parser.append(bytes) { events.append($0) } }
            } catch {
                isTooLarge = true
            }
            phase = .streaming(parser, head)
            if !events.isEmpty {
                record.count(events.count)
                PollLoop.takeTurn { for event in events where isRunning { onStep(.event(event)) } }
            }
            if isTooLarge {
                finish(.tooLarge("an event of the response", from: request.url, limit: limit), cancelling: true)
            }
        }
    }

    fileprivate func receivedError(_ error: any Error, bound: NIOLoopBound<HTTPExchange>) {
        let head: HTTPResponseHead?
        switch phase {
        case .collecting(_, let received), .streaming(_, let received): head = received
        case .waiting: head = nil
        case .finished: return
        }
        NetworkError(error: error, url: request.url, pool: pool, head: head).resolve { failure in
            bound.value.finish(failure)
        }
    }

    fileprivate func receivedEnd() {
        PollLoop.takeTurn { finish(nil) }
    }

    private var limit: Int { pool.target.endpoint.limits.responseBytes }

    /// How much of a body that is not a message is read, in bytes.
    private static let excerptBytes = 1 << 20

    private static func mediaType(_ value: String) -> String {
        // Nearly every response has one of these two.
        if value == "application/json" || value == "text/event-stream" { return value }
        var type = value.utf8.prefix { $0 != UInt8(ascii: ";") }
        type = type.drop { $0 == UInt8(ascii: " ") }
        while type.last == UInt8(ascii: " ") { type.removeLast() }
        return String(Substring(type)).lowercased()
    }
}

// MARK: - The end

extension HTTPExchange {
    private func finish(_ failure: TransportFailure?, cancelling: Bool = false) {
        if failure == nil, !cancelling, case .collecting(let response, _) = phase, let url = redirect(response) {
            return follow(to: url, response.status)
        }
        switch leave(cancelling: cancelling) {
        case .finished: break
        case .collecting(let response, _) where failure == nil:
            record.ended()
            onStep(.response(response))
        case .streaming(let parser, _):
            record.ended(failure)
            onStep(
                .streamEnded(
                    StreamEnd(
                        failure: failure.map(record.completing),
                        isMidEvent: parser.isMidEvent,
                        lastEventID: parser.lastEventID,
                        retry: parser.retry
                    )
                )
            )
        case .waiting, .collecting:
            let failure = failure ?? TransportFailure(.broken, "no response from \(request.url)")
            record.ended(failure)
            onStep(.failed(record.completing(failure)))
        }
    }

    /// Where a redirect leads if it is to be followed: the user asked for it, and it stays within the origin, so that
    /// no one else receives what we send.
    private func redirect(_ response: ReceivedResponse) -> HTTPURL? {
        guard pool.target.endpoint.followsRedirects, Self.followedRedirects.contains(response.status.code),
            redirects.count < 5, let location = response.fields.first(name: "Location")
        else { return nil }
        do throws(HTTPURL.Fault) {
            let url = try request.url.resolving(location)
            return url.origin == request.url.origin ? url : nil
        } catch {
            // The response itself is reported.
            return nil
        }
    }

    private func follow(to url: HTTPURL, _ status: HTTPResponseStatus) {
        record.redirected(from: request.url, status: status.code)
        redirects.count += 1
        redirects.arePermanent = redirects.arePermanent && Self.permanentRedirects.contains(status.code)
        request = request.moved(to: url)
        (phase, task) = (.waiting, nil)
        start()
    }

    /// After permanent redirects that led to a success, later requests go straight there: following the redirect each time
    /// would double every request.
    private func rememberURL() {
        guard redirects.count > 0, redirects.arePermanent else { return }
        pool.move(from: originalURL, to: request.url)
    }

    /// Those that keep the method and the body.
    private static let followedRedirects: Set<UInt> = [301, 302, 307, 308]
    /// Those that hold for later requests.
    ///
    /// 302 does not, and is followed each time.
    private static let permanentRedirects: Set<UInt> = [301, 307, 308]
}

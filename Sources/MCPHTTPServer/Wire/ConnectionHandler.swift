import AsyncRuntime
import JSONRPC
import MCPHTTP
import NIOCore
import NIOHTTP1

/// One connection: gathers requests, hands them over one after the other and writes what is answered.
///
/// It reads on while an answer is awaited, so that the end of the connection is noticed at once. All times are kept by one
/// timer for each connection: setting one for each request costs more than most requests.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// No request.
        case idle
        /// A request has begun.
        case arriving(Arrival)
        /// A request is whole and not yet answered.
        case serving(ResponseWriter, isKept: Bool)
        /// All is said although the request is not whole: what still comes is thrown away until the sender closes.
        case lingering
        case closed
    }

    private struct Arrival {
        var head: HTTPRequestHead
        var admission: AccessDecision
        var body: [UInt8] = []
    }

    private let service: HTTPService
    private let lease: Lease
    private var phase = Phase.idle
    private var since: ContinuousClock.Instant
    /// Whether a stream was begun that has not ended.
    private var isStreaming = false
    /// That of the request which is answered.
    private var version = HTTPVersion.http1_1
    /// Whether that asks for the head alone, so that no body may follow.
    private var wantsHeadOnly = false
    private var stalledSince: ContinuousClock.Instant?
    /// Parts of requests that were sent before the last one was answered.
    private var ahead = CircularBuffer<HTTPServerRequestPart>()
    private var isTakingAhead = false
    private var isEnding = false
    private var timer: ScheduledAction?
    private var context: ChannelHandlerContext?
    private var localName: String?

    private var limits: HTTPServerLimits { service.options.limits }

    init(_ service: HTTPService, lease: Lease) {
        self.service = service
        self.lease = lease
        since = service.scheduler.now
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        localName = context.localAddress?.ipAddress
        arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        timer?.cancel()
        timer = nil
        ahead.removeAll()
        let way: ResponseWriter? = if case .serving(let way, _) = phase { way } else { nil }
        phase = .closed
        way?.gone()
    }

    // MARK: - What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if case .serving = phase {
            // Who asks ahead waits; what is waiting is bounded by what one read brings.
            ahead.append(part)
            pauseReading(true)
        } else {
            take(part)
        }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch (phase, part) {
        case (.idle, .head(let head)): begin(head)
        case (.arriving(var arrival), .body(let buffer)):
            guard case .admitted = arrival.admission else { return }
            guard arrival.body.count + buffer.readableBytes <= limits.bodyBytes else { return refuseBody() }
            phase = .idle
            arrival.body.append(contentsOf: buffer.readableBytesView)
            phase = .arriving(arrival)
        case (.arriving(let arrival), .end): serve(arrival)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        since = service.scheduler.now
        (version, wantsHeadOnly) = (head.version, head.method == .HEAD)
        var arrival = Arrival(head: head, admission: service.admit(head, at: localName))
        if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }) {
            if length > limits.bodyBytes {
                phase = .arriving(arrival)
                return refuseBody()
            }
            arrival.body.reserveCapacity(min(length, 1 << 20))
        }
        phase = .arriving(arrival)
        guard head.headers.first(name: "Expect")?.lowercased() == "100-continue", let context else { return }
        guard case .admitted = arrival.admission else { return }
        let go = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(go)), promise: nil)
    }

    private func serve(_ arrival: Arrival) {
        guard let context else { return }
        since = service.scheduler.now
        let isKept = arrival.head.isKeepAlive
        switch arrival.admission {
        case .answered(let answer):
            let way = ResponseWriter(self, on: context.eventLoop, fields: [])
            phase = .serving(way, isKept: isKept)
            way.send(answer)
        case .admitted(let visitor):
            let way = ResponseWriter(self, on: context.eventLoop, fields: visitor.fields)
            phase = .serving(way, isKept: isKept)
            service.serve(HTTPRequest(head: arrival.head, visitor: visitor, body: arrival.body), way)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        switch phase {
        case .idle, .arriving:
            if error == .headerOverflow {
                let limit = "the head of a request may have \(limits.headBytes) bytes"
                last(.refusal(.requestHeaderFieldsTooLarge, limit))
            } else {
                last(.refusal(.badRequest, "what came is no HTTP: \(error)"))
            }
        case .serving, .lingering, .closed: context.close(promise: nil)
        }
    }

    private func refuseBody() {
        last(.refusal(.payloadTooLarge, "the body of a request may have \(limits.bodyBytes) bytes"))
    }

    /// Answers although the request is not whole, and takes no other.
    private func last(_ answer: HTTPResponse) {
        guard let context else { return }
        phase = .lingering
        since = service.scheduler.now
        write(answer, extra: [("Connection", "close")], context)
        context.flush()
        // To close while bytes are unread would take the answer away from the sender.
        context.close(mode: .output, promise: nil)
    }

    // MARK: - What goes out

    /// Writes what was put on the way of the request that is being served.
    func write(_ parts: [ResponseWriter.Part], for way: ResponseWriter) {
        guard case .serving(let current, let isKept) = phase, current === way, let context else { return }
        let closing: [(String, String)] = isKept && !isEnding ? [] : [("Connection", "close")]
        var isOver = false
        for part in parts {
            switch part {
            case .whole(let answer):
                write(answer, extra: way.fields + closing, context)
                isOver = true
            case .begin(let fields):
                isStreaming = true
                let head = HTTPResponseHead(
                    version: version,
                    status: .ok,
                    headers: HTTPHeaders(fields + way.fields + closing)
                )
                context.write(wrapOutboundOut(.head(head)), promise: nil)
            case .bytes(let bytes):
                if isSlow(context) { return context.close(promise: nil) }
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            case .end:
                context.write(wrapOutboundOut(.end(nil)), promise: nil)
                isOver = true
            case .cut:
                context.flush()
                return context.close(promise: nil)
            }
        }
        since = service.scheduler.now
        if isOver { (phase, isStreaming) = (.idle, false) }
        context.flush()
        guard isOver else { return }
        if closing.isEmpty { takeAhead() } else { context.close(promise: nil) }
    }

    private func write(_ answer: HTTPResponse, extra: [(String, String)], _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(answer.fields + extra)
        if answer.status != .noContent { headers.add(name: "Content-Length", value: String(answer.body.count)) }
        let head = HTTPResponseHead(version: version, status: answer.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !answer.body.isEmpty, !wantsHeadOnly {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Serves what was sent ahead; not from inside itself, for answers often come at once.
    private func takeAhead() {
        guard !isTakingAhead, !ahead.isEmpty else { return }
        isTakingAhead = true
        defer { isTakingAhead = false }
        while !ahead.isEmpty {
            if case .serving = phase { return }
            take(ahead.removeFirst())
        }
        pauseReading(false)
    }

    private func pauseReading(_ isPaused: Bool) {
        guard let context else { return }
        context.channel.setOption(.autoRead, value: !isPaused).whenFailure { _ in }
    }

    // MARK: - Readers that do not read

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalledSince = context.channel.isWritable ? nil : service.scheduler.now
        context.fireChannelWritabilityChanged()
    }

    private func isSlow(_ context: ChannelHandlerContext) -> Bool {
        guard !context.channel.isWritable else { return false }
        do {
            let waiting = try context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            return waiting ?? 0 > limits.streamBytes
        } catch {
            return true
        }
    }

    // MARK: - Time

    /// No phase that begins after the timer was set can end before it runs.
    private var shortest: Duration {
        min(limits.requestArrival, limits.connectionIdle, limits.streamStart, limits.keepAlive)
    }

    private func arm() {
        guard let context, timer == nil else { return }
        if case .closed = phase { return }
        let now = service.scheduler.now
        let deadline = since.advanced(by: allowance)
        let next = min(max(deadline, now.advanced(by: .milliseconds(1))), now.advanced(by: shortest))
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = service.scheduler.schedule(at: next) {
            connection.eventLoop.execute { connection.value.tick() }
        }
    }

    /// How long the phase may last without anything happening.
    private var allowance: Duration {
        switch phase {
        case .idle: limits.connectionIdle
        case .arriving, .lingering: limits.requestArrival
        case .serving: isStreaming ? limits.keepAlive : limits.streamStart
        case .closed: .zero
        }
    }

    private func tick() {
        timer = nil
        let now = service.scheduler.now
        if let stalledSince, stalledSince.advanced(by: limits.requestArrival) <= now {
            context?.close(promise: nil)
        } else if since.advanced(by: allowance) <= now {
            runOut(now)
        }
        arm()
    }

    private func runOut(_ now: ContinuousClock.Instant) {
        switch phase {
        case .idle, .lingering: context?.close(promise: nil)
        case .arriving:
            let limit = "a request must arrive within \(limits.requestArrival)"
            last(.refusal(.requestTimeout, limit))
        case .serving(let way, _):
            since = now
            if isStreaming {
                write([.bytes(EventStreamWriter.comment())], for: way)
            } else {
                way.silent()
            }
        case .closed: break
        }
    }

    // MARK: - The end

    /// Takes no more requests, and closes when the last one is answered.
    func finish() {
        isEnding = true
        ahead.removeAll()
        switch phase {
        case .idle, .lingering: context?.close(promise: nil)
        case .serving(let way, _): way.shouldEnd()
        case .arriving, .closed: break
        }
    }

    /// Has the request that is still being served answered with an error.
    func abort(_ error: RPCError) {
        if case .serving(let way, _) = phase { way.mustEnd(error) }
    }

    /// Closes at once.
    func close() {
        context?.close(promise: nil)
    }
}

/// What the head of every stream of events says.
enum EventStreamFields {
    static let all = [
        ("Content-Type", "text/event-stream"),
        HTTPResponse.noStore,
        // Proxies must not gather what is to be read at once.
        ("X-Accel-Buffering", "no"),
    ]
}

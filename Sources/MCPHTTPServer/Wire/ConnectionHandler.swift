import AsyncRuntime
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1

/// One connection: receives requests, has them served one after the other, and writes their responses.
///
/// It keeps reading while a request is served, so that a client that leaves is noticed at once. It stops reading when the client
/// sends more requests ahead, or does not read its responses.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum Phase {
        /// No request has arrived since the last response.
        case idle
        /// The head of a request has arrived, but not all of its body.
        case receiving(Reception)
        case serving(Exchange)
        /// The last response is written. What still arrives is dropped until the connection is closed.
        case closing
        case closed
    }

    /// A request that is arriving.
    struct Reception {
        var head: HTTPRequestHead
        var decision: AccessDecision
        var permit: Permit?
        var body: [UInt8] = []
    }

    /// A complete request whose response is not complete.
    struct Exchange {
        let writer: ResponseWriter
        let format: ResponseFormat
        /// Whether the client keeps the connection for more requests.
        let isKeptAlive: Bool
        let share: RequestShare
        var isStreaming = false
    }

    /// What a response depends on besides its contents.
    struct ResponseFormat {
        var version = HTTPVersion.http1_1
        /// The response to HEAD has no body.
        var isHeadOnly = false
    }

    /// Something that arrived before it could be handled.
    private enum Input {
        case part(HTTPServerRequestPart)
        case failure(HTTPParserError)

        var size: Int {
            if case .part(.body(let buffer)) = self { buffer.readableBytes } else { 0 }
        }
    }

    /// Up to this size, in bytes, memory is allocated for a body of which nothing has arrived.
    private static let smallBody = 1 << 20

    let service: HTTPService
    /// Held while the connection is open; a request that goes on without its client keeps this handler longer.
    private var permit: Permit?
    private(set) var phase = Phase.idle
    private(set) var context: ChannelHandlerContext?
    private var localAddress: String?
    /// Input that waits for the end of a response, or for the client to read its responses.
    private var queue = CircularBuffer<Input>()
    private var isTakingQueued = false
    /// How many unsent bytes the budget counts.
    var countedUnsentBytes = 0
    var timing: Timing

    var limits: HTTPServerLimits { service.limits }

    init(_ service: HTTPService, permit: Permit) {
        self.service = service
        self.permit = permit
        timing = Timing(lastActivity: service.scheduler.now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.eventLoop.preconditionInEventLoop()
        self.context = context
        localAddress = context.localAddress?.ipAddress
        startTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connectionEnded()
        self.context = nil
        service.connections.remove(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connectionEnded()
        context.fireChannelInactive()
    }

    private func connectionEnded() {
        timing.timer?.cancel()
        timing.timer = nil
        permit = nil
        dropQueue()
        let writer: ResponseWriter? = if case .serving(let exchange) = phase { exchange.writer } else { nil }
        enter(.closed)
        countUnsentBytes()
        writer?.connectionClosed()
    }

    /// Changes the phase; the budget no longer counts the incomplete body that the last one held.
    func enter(_ next: Phase) {
        let bytes = phase.bodyBytes - next.bodyBytes
        phase = next
        if bytes != 0 { service.budget.release(bytes) }
    }

    // MARK: - Input

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(.part(unwrapInboundIn(data)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        receive(.failure(error))
    }

    private func receive(_ input: Input) {
        if canTakeInput, queue.isEmpty { return take(input) }
        queue.append(input)
        service.budget.add(input.size)
        context?.setAutoRead(false)
    }

    private var canTakeInput: Bool {
        switch phase {
        case .idle: unsentBytes <= limits.unsentBytes
        case .serving: false
        case .receiving, .closing, .closed: true
        }
    }

    /// Handles what was queued, as far as possible.
    ///
    /// Responses are often complete before the call that serves the request returns; the loop then goes on here rather than
    /// deeper in the stack.
    func takeQueued() {
        guard !isTakingQueued, !queue.isEmpty else { return }
        isTakingQueued = true
        defer { isTakingQueued = false }
        while canTakeInput, let input = queue.popFirst() {
            service.budget.release(input.size)
            take(input)
        }
        if queue.isEmpty { context?.setAutoRead(true) }
    }

    private func dropQueue() {
        for input in queue { service.budget.release(input.size) }
        queue.removeAll()
    }

    private func take(_ input: Input) {
        switch input {
        case .part(.head(let head)): if case .idle = phase { begin(head) }
        case .part(.body(let buffer)): append(buffer)
        case .part(.end): if case .receiving(let reception) = phase { serve(reception) }
        case .failure(let error):
            switch phase {
            case .idle, .receiving: refuse(error)
            case .serving, .closing, .closed: break
            }
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        timing.lastActivity = service.scheduler.now
        var reception = Reception(head: head, decision: service.admit(head, at: localAddress))
        if reception.decision.readsBody, head.method == .POST {
            reception.permit = service.requests.acquire()
            if reception.permit == nil { reception.decision = .answered(service.tooManyRequests) }
        }
        reception.body.reserveCapacity(min(head.contentLength ?? 0, limits.bodyBytes, Self.smallBody))
        enter(.receiving(reception))
        guard let length = head.contentLength else {
            return writeLast(.refusal(.badRequest, "Content-Length must be given once, as a number of bytes"))
        }
        guard length <= limits.bodyBytes else { return refuseBody() }
        guard head.headers.first(name: "Expect")?.lowercased() == "100-continue", let context else { return }
        guard reception.decision.readsBody else { return }
        let proceed = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
    }

    private func append(_ buffer: ByteBuffer) {
        guard case .receiving(var reception) = phase, reception.decision.readsBody else { return }
        let count = buffer.readableBytes
        guard reception.body.count + count <= limits.bodyBytes else { return refuseBody() }
        guard service.budget.reserve(count) else { return writeLast(service.noRoom) }
        // The body must have one owner while it grows, or it would be copied.
        phase = .idle
        let size = reception.body.count + count
        if size > reception.body.capacity, size > Self.smallBody {
            // Growing step by step would leave gaps in the heap that are not given back to the system.
            reception.body.reserveCapacity(reception.head.contentLength ?? 0)
        }
        reception.body.append(contentsOf: buffer.readableBytesView)
        phase = .receiving(reception)
    }

    private func serve(_ reception: Reception) {
        guard let context else { return }
        timing.lastActivity = service.scheduler.now
        let writer = ResponseWriter(self, on: context.eventLoop, fields: reception.decision.fields)
        let bytes = reception.body.count
        let share = RequestShare(reception.permit, bytes: bytes, of: service.budget, on: context.eventLoop)
        let exchange = Exchange(
            writer: writer,
            format: ResponseFormat(reception.head),
            isKeptAlive: reception.head.isKeepAlive,
            share: share
        )
        // Not by `enter`: the share takes over what the reception counted.
        phase = .serving(exchange)
        serve(reception.head, reception.body, share, by: reception.decision, writer)
    }

    private func serve(
        _ head: HTTPRequestHead,
        _ body: [UInt8],
        _ share: RequestShare,
        by decision: AccessDecision,
        _ writer: ResponseWriter
    ) {
        let request = { HTTPRequest(head: head, client: $0, body: body, share: share) }
        switch decision {
        case .answered(let response): writer.send(response)
        case .admitted(let client): service.serve(request(client), writer)
        case .page: service.servePage(request(AuthenticatedClient(principal: .local)), writer)
        case .undecided(let credentials):
            service.verify(credentials) { decision in
                // The client may have left meanwhile.
                guard case .serving(let exchange) = self.phase, exchange.writer === writer else { return }
                self.serve(head, body, share, by: decision, writer)
            }
        }
    }

    // MARK: - Refusals

    private func refuse(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow:
            let reason = "the head of a request may have at most \(limits.headBytes) bytes"
            writeLast(.refusal(.requestHeaderFieldsTooLarge, reason))
        default: writeLast(.refusal(.badRequest, "the request is not valid HTTP: \(error)"))
        }
    }

    private func refuseBody() {
        writeLast(.refusal(.payloadTooLarge, "the body of a request may have at most \(limits.bodyBytes) bytes"))
    }

    // MARK: - Stopping

    /// Accepts no more requests, and closes once the running one is served.
    func beginStopping() {
        dropQueue()
        switch phase {
        case .idle: close()
        case .serving(let exchange): exchange.writer.shouldEnd()
        case .receiving, .closing, .closed: break
        }
    }

    /// Fails the request that is being served.
    func abort(_ error: RPCError) {
        if case .serving(let exchange) = phase { exchange.writer.mustEnd(error) }
    }

    func close() {
        context?.close(promise: nil)
    }
}

extension ConnectionHandler.Phase {
    /// The size of the incomplete request body that the connection holds.
    fileprivate var bodyBytes: Int {
        if case .receiving(let reception) = self { reception.body.count } else { 0 }
    }
}

extension ConnectionHandler.ResponseFormat {
    init(_ head: HTTPRequestHead) {
        version = head.version
        isHeadOnly = head.method == .HEAD
    }
}

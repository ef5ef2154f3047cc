import MCPHTTP
import NIOCore
import NIOHTTP1

extension ConnectionHandler {
    /// Writes parts of the response to the request that is being served.
    func write(_ parts: [ResponseWriter.Part], for writer: ResponseWriter) {
        guard case .serving(var exchange) = phase, exchange.writer === writer, let context else { return }
        let isLast = !exchange.isKeptAlive || service.isStopping
        let fields = writer.fields + (isLast ? [("Connection", "close")] : [])
        var isComplete = false
        for part in parts {
            switch part {
            case .response(let response):
                write(response, exchange.format, fields, closes: isLast, context)
                isComplete = true
            case .streamHead(let streamFields):
                exchange.isStreaming = true
                let headers = HTTPHeaders(streamFields + fields)
                let head = HTTPResponseHead(version: exchange.format.version, status: .ok, headers: headers)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
            case .event(let bytes):
                if isReaderTooSlow { return close() }
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            case .streamEnd:
                writeEnd(closes: isLast, context)
                isComplete = true
            case .disconnect:
                context.flush()
                return close()
            }
        }
        timing.lastActivity = service.scheduler.now
        if isComplete {
            enter(isLast ? .closing : .idle)
        } else {
            enter(.serving(exchange))
        }
        context.flush()
        countUnsentBytes()
        if isComplete { takeQueued() }
    }

    /// Writes a response to a request that is not complete, and reads no other.
    func writeLast(_ response: HTTPResponse) {
        guard let context else { return }
        let format =
            if case .receiving(let reception) = phase { ResponseFormat(reception.head) } else { ResponseFormat() }
        enter(.closing)
        timing.lastActivity = service.scheduler.now
        write(response, format, [("Connection", "close")], closes: false, context)
        context.flush()
        countUnsentBytes()
        // Closing while the rest of the request is unread would make the system discard the response.
        context.close(mode: .output, promise: nil)
    }

    private func write(
        _ response: HTTPResponse,
        _ format: ResponseFormat,
        _ fields: [(String, String)],
        closes: Bool,
        _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders(response.fields + fields)
        if response.status != .noContent { headers.add(name: "Content-Length", value: String(response.body.count)) }
        let head = HTTPResponseHead(version: format.version, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !response.body.isEmpty, !format.isHeadOnly {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
        }
        writeEnd(closes: closes, context)
    }

    /// Writes the end of a response.
    ///
    /// - Parameter closes: Closes the connection once the client has taken everything.
    private func writeEnd(closes: Bool, _ context: ChannelHandlerContext) {
        guard closes else { return context.write(wrapOutboundOut(.end(nil)), promise: nil) }
        context.write(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in self.close() }
    }

    // MARK: - Clients that do not read

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        timing.stalledSince = context.channel.isWritable ? nil : service.scheduler.now
        countUnsentBytes()
        context.fireChannelWritabilityChanged()
        takeQueued()
    }

    /// The size of the responses that the client has not taken, or 0 if it is only a little.
    var unsentBytes: Int {
        guard let channel = context?.channel, channel.isActive, !channel.isWritable else { return 0 }
        do {
            return try channel.syncOptions?.getOption(.bufferedWritableBytes) ?? 0
        } catch {
            return 0
        }
    }

    private var isReaderTooSlow: Bool {
        let bytes = unsentBytes
        return bytes > limits.streamBytes || bytes > 0 && service.budget.isExhausted
    }

    /// Has the budget count what is unsent at present.
    func countUnsentBytes() {
        let bytes = if case .closed = phase { 0 } else { unsentBytes }
        let growth = bytes - countedUnsentBytes
        countedUnsentBytes = bytes
        if growth > 0 { service.budget.add(growth) } else if growth < 0 { service.budget.release(-growth) }
    }
}

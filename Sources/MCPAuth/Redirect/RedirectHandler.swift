import MCPHTTP
import NIOCore
import NIOHTTP1

/// Serves the requests of one connection of a browser.
final class RedirectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let inbox: RedirectInbox
    private var head: HTTPRequestHead?

    init(_ inbox: RedirectInbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let received): head = received
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            respond(to: head, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A browser opens connections ahead of need.
        if event is IdleStateHandler.IdleStateEvent, head == nil { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard Self.isLocal(head.headers["Host"]) else { return write(.misdirectedRequest, .foreign, bound.value) }
        guard parts.first.map(String.init) == inbox.path else { return write(.notFound, .foreign, bound.value) }
        guard head.method == .GET else { return write(.methodNotAllowed, .foreign, bound.value) }
        let callback = Callback(query: parts.count > 1 ? String(parts[1]) : "")
        inbox.receive(callback) { page in
            bound.eventLoop.execute {
                handler.value.write(page.isSuccess ? .ok : .badRequest, page, bound.value)
            }
        }
    }

    /// Whether the browser was redirected to this machine, and not to a name that only resolves to it.
    private static func isLocal(_ hosts: [String]) -> Bool {
        guard let host = hosts.first, hosts.count == 1 else { return false }
        do throws(HTTPURL.Fault) {
            let name = try HTTPURL("http://\(host)/").host
            return name == "localhost" || IPAddress(name)?.isLoopback == true
        } catch {
            return false
        }
    }

    private func write(_ status: HTTPResponseStatus, _ page: RedirectPage, _ context: ChannelHandlerContext) {
        let body = ByteBuffer(string: page.html)
        var fields = HTTPHeaders(RedirectPage.fields)
        fields.add(name: "Content-Length", value: String(body.readableBytes))
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let done = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        done.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    }
}

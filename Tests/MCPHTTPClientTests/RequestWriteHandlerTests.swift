import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import MCPHTTPClient

/// What the handler of a connection does with the requests that the library writes.
struct RequestWriteHandlerTests {
    private func channel(forwarding origin: String? = nil) throws -> (
        EmbeddedChannel, NIOLoopBoundBox<ConnectionFacts?>
    ) {
        let channel = EmbeddedChannel(handler: HTTPRequestEncoder())
        let current = NIOLoopBoundBox<ConnectionFacts?>(nil, eventLoop: channel.eventLoop)
        let installed = RequestWriteHandler.install(on: channel, forwardedOrigin: origin, writingTo: current)
        channel.embeddedEventLoop.run()
        try installed.wait()
        return (channel, current)
    }

    private func head(bodyLength: Int?) -> HTTPClientRequestPart {
        var head = HTTPRequestHead(version: .http1_1, method: bodyLength == nil ? .GET : .POST, uri: "/mcp")
        head.headers.add(name: "Host", value: "x")
        if let bodyLength { head.headers.add(name: "Content-Length", value: "\(bodyLength)") }
        return .head(head)
    }

    private func sent(by channel: EmbeddedChannel) throws -> [String] {
        var pieces: [String] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { pieces.append(String(buffer: buffer)) }
        return pieces
    }

    @Test func headAndBodyAreFlushedTogether() throws {
        let (channel, current) = try channel()
        channel.writeAndFlush(head(bodyLength: 2), promise: nil)
        #expect(try sent(by: channel) == [])
        channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: "{}"))), promise: nil)
        #expect(try sent(by: channel).joined().hasSuffix("\r\n\r\n{}"))
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        #expect(current.value?.requests == 1)
        // The next request on the connection is handled in the same way.
        channel.writeAndFlush(head(bodyLength: 2), promise: nil)
        #expect(try sent(by: channel) == [])
        #expect(current.value?.requests == 2)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func headIsFlushedAtTheEndOfTheTickIfItsBodyIsLate() throws {
        let (channel, _) = try channel()
        channel.writeAndFlush(head(bodyLength: 2), promise: nil)
        channel.embeddedEventLoop.run()
        #expect(try sent(by: channel).joined().hasPrefix("POST /mcp HTTP/1.1\r\n"))
        channel.writeAndFlush(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: "{}"))), promise: nil)
        #expect(try sent(by: channel).joined() == "{}")
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func headWithoutABodyIsFlushedAtOnce() throws {
        let (channel, _) = try channel(forwarding: "http://origin:1")
        channel.writeAndFlush(head(bodyLength: nil), promise: nil)
        #expect(try sent(by: channel).joined().hasPrefix("GET http://origin:1/mcp HTTP/1.1\r\n"))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}

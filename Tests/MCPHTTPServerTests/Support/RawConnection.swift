import JSON
import NIOCore
import NIOPosix
import Synchronization

/// A connection of a test that writes requests by hand and reads responses to the byte.
///
/// Give the test a time limit.
final class RawConnection: Sendable {
    /// The server closed the connection before the expected bytes came.
    struct Closed: Error {
        let soFar: String
    }

    private let channel: any Channel
    private let inbox: Inbox

    private init(_ channel: any Channel, _ inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Opens a connection.
    ///
    /// - Parameter receiveBuffer: The size of the system's buffer for what was not read, in bytes.
    static func open(_ port: Int, host: String = "127.0.0.1", receiveBuffer: Int? = nil) async throws -> RawConnection {
        let inbox = Inbox()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let channel =
            try await bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(inbox.handler())
                }
            }
            .connect(host: host, port: port).get()
        return RawConnection(channel, inbox)
    }

    func send(_ text: String) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func close() async throws {
        do {
            try await channel.close()
        } catch ChannelError.alreadyClosed {
            // The server closed it first.
        }
    }

    /// Stops reading, like a client that hangs.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func resumeReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    /// Receives a number of bytes, whatever they are.
    func skip(_ count: Int) async throws {
        var missing = count
        while missing > 0 {
            missing -= try await take { bytes in
                let taken = min(bytes.count, missing)
                return taken > 0 ? (taken, taken) : nil
            }
        }
    }

    /// Waits until the server closes the connection; what it still sends is ignored.
    func untilClosed() async {
        while await inbox.more() {}
    }

    // MARK: - Reading

    /// The next response with its body.
    func response() async throws -> RawResponse {
        var response = try await head()
        if response["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { response.body += chunk }
        } else if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try await take { $0.count >= length ? (Array($0[..<length]), length) : nil }
        }
        return response
    }

    /// The head of the next response.
    func head() async throws -> RawResponse {
        try await take { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound]
            return (RawResponse(head), head.utf8.count + 4)
        }
    }

    /// The next chunk of a body, or nil at its end.
    func chunk() async throws -> [UInt8]? {
        try await take { bytes in
            guard let end = bytes.firstRange(of: [0x0D, 0x0A]) else { return nil }
            let size = Int(String(decoding: bytes[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
            guard bytes.count >= end.upperBound + size + 2 else { return nil }
            let chunk = Array(bytes[end.upperBound..<(end.upperBound + size)])
            return (size == 0 ? nil : chunk, end.upperBound + size + 2)
        }
    }

    /// The next event of a stream, after its head; each event is a chunk of its own.
    func event() async throws -> RawEvent? {
        if try await take({ $0.isEmpty ? nil : ($0.starts(with: "HTTP/".utf8), 0) }) { _ = try await head() }
        while let chunk = try await chunk() {
            let event = RawEvent(String(decoding: chunk, as: UTF8.self))
            if !event.isComment { return event }
        }
        return nil
    }

    private func take<Value>(_ parse: ([UInt8]) -> (Value, Int)?) async throws -> Value {
        while true {
            if let value = inbox.take(parse) { return value }
            guard await inbox.more() else { throw Closed(soFar: inbox.text) }
        }
    }
}

/// The bytes that came in.
private final class Inbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var seen = 0
        var isClosed = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    func handler() -> Handler { Handler(self) }

    func take<Value>(_ parse: ([UInt8]) -> (Value, Int)?) -> Value? {
        state.withLock { state in
            state.seen = state.bytes.count
            guard let (value, count) = parse(state.bytes) else { return nil }
            state.bytes.removeFirst(count)
            state.seen = 0
            return value
        }
    }

    /// Waits for more bytes than were seen.
    ///
    /// - Returns: false if the connection was closed instead.
    func more() async -> Bool {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.bytes.count > state.seen || state.isClosed { return true }
                state.waiting = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.seen = state.bytes.count }
            return state.bytes.count > state.seen || !state.isClosed
        }
    }

    private func put(_ bytes: [UInt8]?) {
        let waiting = state.withLock { state in
            if let bytes { state.bytes += bytes } else { state.isClosed = true }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let inbox: Inbox

        init(_ inbox: Inbox) {
            self.inbox = inbox
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            inbox.put(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            inbox.put(nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}

/// An response as it stood on the wire.
struct RawResponse {
    let status: Int
    let fields: [(name: String, value: String)]
    var body: [UInt8] = []

    init(_ head: Substring) {
        let lines = head.split(separator: "\r\n")
        status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), String(parts.dropFirst().first?.drop { $0 == " " } ?? ""))
        }
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONValue {
        get throws { try JSONValue(parsing: body) }
    }

    var code: Int? {
        get throws { try json["error"]?["code"]?.int }
    }
}

/// An event as it came over the wire.
struct RawEvent {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    var isComment: Bool { text.hasPrefix(":") }
    var id: String? { field("id") }
    var type: String? { field("event") }
    var retry: String? { field("retry") }
    var data: String { field("data") ?? "" }

    var json: JSONValue {
        get throws { try JSONValue(parsing: Array(data.utf8)) }
    }

    private func field(_ name: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }.map {
            String($0.dropFirst(name.utf8.count + 2))
        }
    }
}

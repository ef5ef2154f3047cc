import JSON
import NIOCore
import NIOPosix
import Synchronization

/// A connection in the hand of a test: what goes out is written by hand, and what comes in is read to the byte.
///
/// Give the test a time limit.
final class RawConnection: Sendable {
    /// What the server closed before it said.
    struct Closed: Error {
        let soFar: String
    }

    private let channel: any Channel
    private let inbox: Inbox

    private init(_ channel: any Channel, _ inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func open(_ port: Int, host: String = "127.0.0.1") async throws -> RawConnection {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
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
            // The server was faster.
        }
    }

    /// Stops to read, as a client does that is stuck.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Waits until the server closes; what it still said is not looked at.
    func untilClosed() async {
        while await inbox.more() {}
    }

    // MARK: - Reading

    /// The next answer, whole.
    func answer() async throws -> RawAnswer {
        var answer = try await head()
        if answer["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { answer.body += chunk }
        } else if let length = answer["content-length"].flatMap({ Int($0) }) {
            answer.body = try await take { $0.count >= length ? (Array($0[..<length]), length) : nil }
        }
        return answer
    }

    /// The head of the next answer.
    func head() async throws -> RawAnswer {
        try await take { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.lowerBound]
            return (RawAnswer(head), head.utf8.count + 4)
        }
    }

    /// The next chunk of a body; nothing at its end.
    func chunk() async throws -> [UInt8]? {
        try await take { bytes in
            guard let end = bytes.firstRange(of: [0x0D, 0x0A]) else { return nil }
            let size = Int(String(decoding: bytes[..<end.lowerBound], as: UTF8.self), radix: 16) ?? 0
            guard bytes.count >= end.upperBound + size + 2 else { return nil }
            let chunk = Array(bytes[end.upperBound..<(end.upperBound + size)])
            return (size == 0 ? nil : chunk, end.upperBound + size + 2)
        }
    }

    /// The next event of a stream, whose head may still stand before it; each is a chunk of its own.
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

/// What came in.
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

    /// Waits for more bytes than were seen; tells whether there are any.
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

/// An answer as it stood on the wire.
struct RawAnswer {
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

/// An event as it stood on the wire.
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

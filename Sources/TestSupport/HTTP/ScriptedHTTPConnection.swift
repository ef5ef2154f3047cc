import Dispatch
import Synchronization

/// One connection of a ``ScriptedHTTPServer``: reads requests and writes exact bytes.
public final class ScriptedHTTPConnection: Sendable {
    private let socket: OwnedSocket
    private let onRequest: @Sendable (ScriptedHTTPRequest) -> Void
    private let buffer = Mutex<[UInt8]>([])
    // One per direction, so that a script may write while another of its tasks waits for the client to disconnect.
    private let reading = DispatchQueue(label: "scripted HTTP connection, reading")
    private let writing = DispatchQueue(label: "scripted HTTP connection, writing")

    init(_ descriptor: Int32, onRequest: @escaping @Sendable (ScriptedHTTPRequest) -> Void) {
        socket = OwnedSocket(descriptor)
        self.onRequest = onRequest
    }

    // MARK: - Reading

    /// The next complete request, or nil if the client closed the connection first.
    ///
    /// - Throws: ``SocketError`` if the client disconnects within a request or sends something else.
    public func readRequest() async throws -> ScriptedHTTPRequest? {
        guard let head = try await readHead() else { return nil }
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        let start = (lines.popFirst() ?? "").split(separator: " ")
        guard start.count == 3 else { throw SocketError(call: "read", code: 0) }
        var fields: [(name: String, value: String)] = []
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw SocketError(call: "read", code: 0) }
            fields.append((String(parts[0]), parts[1].trimmed))
        }
        var request = ScriptedHTTPRequest(method: String(start[0]), target: String(start[1]), fields: fields, body: [])
        if let length = request["content-length"].flatMap({ Int($0) }) {
            request.body = try await readBytes(length)
        } else if request["transfer-encoding"]?.lowercased() == "chunked" {
            request.body = try await readChunks()
        }
        onRequest(request)
        return request
    }

    /// Waits until the client closes the connection, and discards what it still sends.
    public func untilClosed() async {
        buffer.withLock { $0 = [] }
        while (try? await fill()) == true { buffer.withLock { $0 = [] } }
    }

    private func readHead() async throws -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            let head = buffer.withLock { buffer -> String? in
                guard let place = buffer.firstPlace(of: end) else { return nil }
                defer { buffer.removeFirst(place + end.count) }
                return String(decoding: buffer[..<place], as: UTF8.self)
            }
            if let head { return head }
            guard try await fill() else {
                guard buffer.withLock({ $0.isEmpty }) else { throw SocketError(call: "read", code: 0) }
                return nil
            }
        }
    }

    private func readBytes(_ count: Int) async throws -> [UInt8] {
        while buffer.withLock({ $0.count }) < count {
            guard try await fill() else { throw SocketError(call: "read", code: 0) }
        }
        return buffer.withLock { buffer in
            defer { buffer.removeFirst(count) }
            return Array(buffer[..<count])
        }
    }

    private func readLine() async throws -> String {
        var line: [UInt8] = []
        while !line.ends(with: [0x0D, 0x0A]) { line += try await readBytes(1) }
        return String(decoding: line.dropLast(2), as: UTF8.self)
    }

    private func readChunks() async throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let size = Int(try await readLine(), radix: 16) else { throw SocketError(call: "read", code: 0) }
            body += try await readBytes(size)
            _ = try await readLine()
            if size == 0 { return body }
        }
    }

    private func fill() async throws -> Bool {
        let bytes = try await on(reading) { [socket] in try socket.read() }
        buffer.withLock { $0 += bytes }
        return !bytes.isEmpty
    }

    // MARK: - Writing

    /// Writes bytes unchanged.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func send(_ bytes: [UInt8]) async throws {
        try await on(writing) { [socket] in try socket.write(bytes) }
    }

    /// Writes text unchanged; the script adds line breaks.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Writes a whole response with its content length.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func answer(
        _ status: Int,
        _ fields: [(name: String, value: String)] = [("Content-Type", "application/json")],
        body: String = ""
    ) async throws {
        let lines = (fields + [("Content-Length", "\(body.utf8.count)")]).map { "\($0.name): \($0.value)\r\n" }
        try await send("HTTP/1.1 \(status) Scripted\r\n\(lines.joined())\r\n\(body)")
    }

    /// Writes the head of an event stream, whose body is sent in chunks.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func beginEvents(_ fields: [(name: String, value: String)] = []) async throws {
        let all = [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked")] + fields
        try await send("HTTP/1.1 200 OK\r\n\(all.map { "\($0.0): \($0.1)\r\n" }.joined())\r\n")
    }

    /// Writes one chunk of a body.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func chunk(_ text: String) async throws {
        try await send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
    }

    /// Ends a chunked body; the connection can be reused.
    ///
    /// - Throws: ``SocketError`` if the client disconnected.
    public func endChunks() async throws {
        try await send("0\r\n\r\n")
    }

    /// Closes the connection gracefully, wherever the script is.
    public func close() {
        socket.shut()
    }

    /// Resets the connection.
    public func reset() {
        socket.reset()
    }

    private func on<Value: Sendable>(
        _ queue: DispatchQueue,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension [UInt8] {
    fileprivate func firstPlace(of pattern: [UInt8]) -> Int? {
        guard count >= pattern.count else { return nil }
        return (0...(count - pattern.count)).first { self[$0] == pattern[0] && self[$0...].starts(with: pattern) }
    }

    fileprivate func ends(with bytes: [UInt8]) -> Bool {
        count >= bytes.count && suffix(bytes.count).elementsEqual(bytes)
    }
}

import Foundation
import JSON

/// Handwritten HTTP requests: every field is sent as given, valid or not.
enum RawHTTP {
    /// A response.
    struct Answer: Sendable, CustomStringConvertible {
        let status: Int
        /// The header fields, with lowercase names.
        let fields: [(name: String, value: String)]
        let body: String

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

        func json() throws -> JSONValue { try JSONValue(parsing: body) }

        var description: String { "\(status) \(fields) \(body.prefix(1000))" }
    }

    /// The connection was closed before the head of a response was complete.
    struct NoAnswer: Error {
        let text: String
    }

    /// Posts a message with the fields that every client sends.
    ///
    /// A value replaces a field, nil omits it.
    static func post(
        _ message: JSONValue,
        to port: Int,
        path: String = "/mcp",
        _ fields: [String: String?] = [:]
    ) async throws -> Answer {
        let usual: [String: String?] = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
        ]
        return try await request("POST", port, path, usual.merging(fields) { $1 }, body: message.description)
    }

    /// Sends a request on a connection of its own and reads until that is closed.
    static func request(
        _ method: String,
        _ port: Int,
        _ path: String = "/mcp",
        _ fields: [String: String?] = [:],
        body: String = ""
    ) async throws -> Answer {
        let own: [String: String?] = [
            "Host": "127.0.0.1:\(port)", "Connection": "close",
            "Content-Length": body.isEmpty && method != "POST" ? nil : "\(body.utf8.count)",
        ]
        let lines = own.merging(fields) { $1 }.compactMap { name, value in value.map { "\(name): \($0)\r\n" } }
        let text = "\(method) \(path) HTTP/1.1\r\n\(lines.joined())\r\n\(body)"
        let bytes = try await exchange(Array(text.utf8), port)
        guard let answer = parse(bytes) else { throw NoAnswer(text: String(decoding: bytes, as: UTF8.self)) }
        return answer
    }

    /// Writes bytes and returns everything received.
    private static func exchange(_ bytes: [UInt8], _ port: Int) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            // On its own thread, so that waiting takes none from other tests.
            DispatchQueue(label: "raw HTTP").async {
                continuation.resume(with: Result { try blockingExchange(bytes, port) })
            }
        }
    }

    private static func blockingExchange(_ bytes: [UInt8], _ port: Int) throws -> [UInt8] {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected, send(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(descriptor, &chunk, chunk.count, 0), count > 0 { answer += chunk[..<count] }
        return answer
    }

    private static func parse(_ bytes: [UInt8]) -> Answer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        var body = String(text[end.upperBound...])
        if fields.contains(where: { $0.name == "transfer-encoding" }) { body = joinedChunks(of: body) }
        return Answer(status: status, fields: fields, body: body)
    }

    private static func joinedChunks(of body: String) -> String {
        var bytes = Array(body.utf8)[...]
        var joined: [UInt8] = []
        while let end = bytes.firstIndex(of: 0x0A) {
            let size = Int(
                String(decoding: bytes[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces),
                radix: 16
            )
            bytes = bytes[(end + 1)...]
            guard let size, size > 0 else { break }
            joined += bytes.prefix(size)
            bytes = bytes.dropFirst(size + 2)
        }
        return String(decoding: joined, as: UTF8.self)
    }
}

import JSON
import JSONRPC
import MCPHTTPServer
import MCPTransport
import Synchronization
import TestSupport
import Testing

@Suite("Clients that do not read their responses", .timeLimit(.minutes(5)))
struct BackpressureTests {
    /// Responds to every request with a text of one size, and counts the requests.
    private final class LargeResponses: ServerConversation {
        private let size: Int
        private let requests: RequestCount

        init(_ size: Int, _ requests: RequestCount) {
            self.size = size
            self.requests = requests
        }

        func received(_ frame: Frame, reply: (@Sendable (ServerSending) -> Void)?) {
            guard case .message(.request(let request)) = frame.content else { return }
            requests.increase()
            let text = JSONValue.string(String(repeating: "x", count: size))
            reply?(.answer(Message.encode(id: request.id, result: JSONText(.object(["text": text])))))
        }

        func finish() async {}
        func cancel() async {}
    }

    private final class RequestCount: Sendable {
        private let count = Atomic(0)

        var value: Int { count.load(ordering: .relaxed) }

        func increase() {
            count.wrappingAdd(1, ordering: .relaxed)
        }
    }

    @Test("The server stops reading a client that pipelines requests until the client reads the responses")
    func pipelining() async throws {
        let (count, requests) = (200, RequestCount())
        try await Serving.run({ _ in LargeResponses(64 << 10, requests) }) { server in
            let connection = try await RawConnection.open(server.port, receiveBuffer: 8 << 10)
            connection.send(server.modern("x/y", id: 999))
            let first = try await connection.response()
            let head = first.fields.reduce("HTTP/1.1 200 OK\r\n\r\n".utf8.count) {
                $0 + $1.name.utf8.count + ": \r\n".utf8.count + $1.value.utf8.count
            }
            try await connection.stopReading()
            connection.send((0..<count).map { server.modern("x/y", id: 100 + $0) }.joined())
            // Once others are served, the server has read what it wants to read.
            for _ in 0..<10 { try await server.expect(200, server.modern("x/y")) }
            // What the system buffers is several megabytes; what the server buffers is one.
            #expect(requests.value < 150)
            try await connection.resumeReading()
            try await connection.skip(count * (head + first.body.count))
            #expect(requests.value == count + 11)
        }
    }

    @Test("A client that never reads its responses is disconnected")
    func disconnection() async throws {
        let requests = RequestCount()
        try await Serving.run({ _ in LargeResponses(6 << 20, requests) }) { server in
            let connection = try await RawConnection.open(server.port, receiveBuffer: 8 << 10)
            try await connection.stopReading()
            connection.send(server.modern("x/y"))
            try await server.expect(200, server.modern("x/y"))
            while requests.value < 2 { await Task.yield() }
            server.clock.advance(by: .seconds(31))
            try await connection.resumeReading()
            await connection.untilClosed()
        }
    }

    @Test("A large response is sent completely before its connection is closed")
    func largeLastResponse() async throws {
        let requests = RequestCount()
        try await Serving.run({ _ in LargeResponses(6 << 20, requests) }) { server in
            let connection = try await RawConnection.open(server.port, receiveBuffer: 8 << 10)
            try await connection.stopReading()
            connection.send(server.modern("x/y", fields: ["Connection: close"]))
            while requests.value < 1 { await Task.yield() }
            try await connection.resumeReading()
            try await connection.skip(6 << 20)
            await connection.untilClosed()
        }
    }
}

import JSON
import MCPHTTPServer
import MCPServer
import MCPTransport
import TestSupport
import Testing

@Suite("Limits of an HTTP server", .timeLimit(.minutes(5)))
struct LimitTests {
    @Test("Unknown paths, methods and content types are refused, each with its status")
    func statuses() async throws {
        try await Serving.run(.sample()) { server in
            let body = Serving.body("server/discover")
            let accept = ["Accept: */*"]
            try await server.expect(404, server.http("POST", "/", fields: accept, body: body))
            try await server.expect(404, server.http("POST", "/mcp/x", fields: accept, body: body))
            let put = try await server.send(server.http("PUT", fields: accept, body: body))
            #expect(put.status == 405)
            #expect(put["allow"] == "GET, POST, DELETE")
            let connection = try await server.connect()
            connection.send(server.http("HEAD") + server.http("PUT"))
            #expect(try await connection.head().status == 405, "and no body after it")
            #expect(try await connection.response().status == 405)
            for type in ["text/plain", "application/jsonx", "application/x-www-form-urlencoded"] {
                let fields = accept + ["Content-Type: \(type)"]
                try await server.expect(415, server.http(fields: fields, body: body))
            }
            let bare = "POST /mcp HTTP/1.1\r\nHost: localhost:\(server.port)\r\nContent-Length: 0\r\n\r\n"
            try await server.expect(415, bare)
            try await server.expect(400, "this is not HTTP\r\n\r\n")
        }
    }

    @Test("A body that is too large is refused, whether its length is declared or not")
    func bodies() async throws {
        try await Serving.run(.sample(), change: { $0.limits.bodyBytes = 1000 }) { server in
            let big = String(repeating: " ", count: 1001)
            let declared = try await server.send(server.http(body: big))
            #expect(declared.status == 413)
            #expect(declared["connection"] == "close")
            let head = "POST /mcp HTTP/1.1\r\nHost: localhost:\(server.port)\r\nContent-Type: application/json\r\n"
            let chunked = head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n\(big)\r\n0\r\n\r\n"
            try await server.expect(413, chunked)
            let right = server.modern("tools/call", .call("say", ["text": "x"]), name: "say")
            try await server.expect(200, right)
        }
    }

    @Test(
        "A Content-Length that is impossible is refused",
        arguments: [
            ("-1", 400), ("abc", 400), ("", 400), ("1e3", 400), ("+5", 400), ("5, 6", 400),
            ("5\r\nContent-Length: 6", 400), ("5\r\nTransfer-Encoding: chunked", 400),
            ("99999999999999999999999", 400), ("9223372036854775807", 413), ("9223372036854775808", 413),
            ("18446744073709551615", 413),
        ]
    )
    func contentLength(_ value: String, _ status: Int) async throws {
        try await Serving.run(.sample()) { server in
            try await server.expect(status, server.http(fields: ["Content-Length: \(value)"]))
        }
    }

    @Test("What is not HTTP after a request is refused after the response to the request")
    func invalidAfterRequest() async throws {
        let (gate, started) = (Gate(), Mailbox())
        try await Serving.run(.sample(gate, started: started)) { server in
            let connection = try await server.connect()
            connection.send(server.modern("tools/call", .call("wait"), name: "wait") + "this is not HTTP\r\n\r\n")
            _ = await started.next()
            gate.open()
            #expect(try await connection.response().json["result"]?["content"]?[0]?["text"] == "waited")
            #expect(try await connection.response().status == 400)
            await connection.untilClosed()
        }
    }

    @Test("A request that arrives byte by byte is served")
    func pieces() async throws {
        try await Serving.run(.sample()) { server in
            let connection = try await server.connect()
            let request = server.modern("tools/call", .call("say", ["text": "pieces"]), name: "say")
            for character in request { connection.send(String(character)) }
            #expect(try await connection.response().status == 200)
        }
    }

    @Test("A client that expects 100-continue gets it")
    func expectation() async throws {
        try await Serving.run(.sample()) { server in
            let connection = try await server.connect()
            let request = server.modern("tools/list", fields: ["Expect: 100-continue"])
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
            connection.send(parts[0] + "\r\n\r\n")
            #expect(try await connection.head().status == 100)
            connection.send(String(parts[1]))
            #expect(try await connection.response().status == 200)
        }
    }

    @Test("A head that is too large is refused")
    func heads() async throws {
        try await Serving.run(.sample(), change: { $0.limits.headBytes = 2000 }) { server in
            let big = "X-Big: " + String(repeating: "x", count: 3000)
            try await server.expect(431, server.modern("tools/list", fields: [big]))
        }
    }

    @Test("A request that does not arrive in time is refused")
    func slowness() async throws {
        try await Serving.run(.sample(), change: { $0.limits.connectionIdle = .seconds(1_000_000) }) { server in
            let slow = try await server.connect()
            slow.send("POST /mcp HTTP/1.1\r\nHost: localhost:\(server.port)\r\nContent-Length: 10\r\n\r\n{")
            #expect(try await server.clock.passing(.seconds(31)) { try await slow.response().status } == 408)
        }
    }

    @Test("An idle connection is closed")
    func idleness() async throws {
        try await Serving.run(.sample()) { server in
            let idle = try await server.connect()
            idle.send(server.modern("tools/list"))
            _ = try await idle.response()
            server.clock.advance(by: .seconds(61))
            await idle.untilClosed()
        }
    }

    @Test("A connection beyond the limit is closed")
    func connections() async throws {
        try await Serving.run(.sample(), change: { $0.limits.connections = 2 }) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            for connection in [first, second] {
                connection.send(server.modern("tools/list"))
                #expect(try await connection.response().status == 200)
            }
            let third = try await server.connect()
            await third.untilClosed()
            first.send(server.modern("tools/list"))
            #expect(try await first.response().status == 200)
        }
    }

    @Test("A request beyond the limit is refused with Retry-After")
    func requests() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate), change: { $0.limits.requests = 1 }) { server in
            let waiting = try await server.connect()
            waiting.send(server.modern("tools/call", .call("notify"), name: "notify"))
            _ = try await waiting.head()
            let refused = try await server.send(server.modern("tools/list"))
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            gate.open()
            while try await waiting.event() != nil {}
            try await server.expect(200, server.modern("tools/list"))
        }
    }

    @Test("An event stream beyond the limit is refused")
    func streams() async throws {
        let gate = Gate()
        try await Serving.run(.sample(gate), change: { $0.limits.streams = 1 }) { server in
            let session = try await server.initialize()
            let get = server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"])
            let stream = try await server.connect()
            stream.send(get)
            _ = try await stream.head()
            try await server.expect(503, get)
            let call = try await server.send(server.modern("tools/call", .call("notify"), name: "notify"))
            #expect(call.status == 503)
            try await server.expect(200, server.modern("tools/list"))
        }
    }

    @Test("A client that does not read its stream is disconnected and delays no one")
    func slowReader() async throws {
        let links = Links()
        try await Serving.run(links.make(.sample()), change: { $0.limits.streamBytes = 1 << 20 }) { server in
            let session = try await server.initialize()
            let stream = try await server.connect()
            stream.send(server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"]))
            _ = try await stream.event()
            try await stream.stopReading()
            let link = try #require(links.last)
            let message = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
            let get = server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"])
            // The session has a stream until its connection is closed.
            var status = 409
            for _ in 1...64 where status == 409 {
                link.send(.notification(message))
                let other = try await server.connect()
                other.send(get)
                status = try await other.head().status
                try await other.close()
            }
            #expect(status == 200)
        }
    }
}

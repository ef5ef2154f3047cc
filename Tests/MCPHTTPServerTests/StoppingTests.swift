import JSON
import MCPHTTPServer
import MCPServer
import Synchronization
import TestSupport
import Testing

@Suite("Stopping an HTTP server", .timeLimit(.minutes(5)))
struct StoppingTests {
    @Test("Stopping ends streams and sessions, and cancels requests that run too long")
    func ending() async throws {
        let (started, ended, cancelled) = (Mailbox(), Mailbox(), Mailbox())
        let clock = FakeClock()
        let gate = Gate()
        var stream: RawConnection?
        var waiting: RawConnection?
        async let advancing: Void = {
            try? await gate.wait()
            // A request that still runs at the deadline is cancelled.
            while cancelled.frames.isEmpty {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }()
        try await Serving.run(.sample(started: started, ended: ended, cancelled: cancelled), clock: clock) { server in
            let session = try await server.initialize()
            stream = try await server.connect()
            stream?.send(server.http("GET", fields: ["Mcp-Session-Id: \(session)", "Accept: text/event-stream"]))
            _ = try await stream?.head()
            waiting = try await server.connect()
            waiting?.send(server.modern("tools/call", .call("wait"), name: "wait"))
            _ = await started.next()
            gate.open()
        }
        await advancing
        #expect(ended.frames.count == 1)
        await stream?.untilClosed()
        await waiting?.untilClosed()
    }

    @Test("A request that runs too long fails before its connection is closed")
    func tooLong() async throws {
        let (started, ended) = (Mailbox(), Mailbox())
        let clock = FakeClock()
        let gate = Gate()
        var modern: RawConnection?
        var legacy: RawConnection?
        async let advancing: Void = {
            try? await gate.wait()
            while ended.frames.isEmpty {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
        }()
        // However much time the test lets pass, no stream is opened.
        let change = { (options: inout HTTPServerOptions) in options.limits.streamStart = .seconds(1_000_000) }
        try await Serving.run(.sample(started: started, ended: ended), clock: clock, change: change) { server in
            let session = try await server.initialize()
            let (one, other) = (try await server.connect(), try await server.connect())
            (modern, legacy) = (one, other)
            one.send(server.modern("tools/call", .call("wait"), name: "wait"))
            other.send(server.legacy("tools/call", .call("wait"), session: session, id: 7))
            for _ in 0..<2 { _ = await started.next() }
            gate.open()
        }
        await advancing
        for (connection, id) in [(modern, 1), (legacy, 7)] {
            let response = try #require(try await connection?.response())
            let message = try JSONValue(parsing: response.text)
            #expect(message["id"]?.int == id)
            #expect(message["error"] == ["code": -32603, "message": "the server is stopping"])
            await connection?.untilClosed()
        }
    }

    @Test("A subscription gets its result at once, and a call its response if it is in time")
    func inTime() async throws {
        let (gate, started) = (Gate(), Mailbox())
        var served = try Server.sample(gate, started: started)
        served.changes = ChangeBus([.tools])
        let connections = Mutex<(listening: RawConnection, calling: RawConnection)?>(nil)
        let isStopping = Gate()
        // The clock stands still: nothing here waits for a limit.
        async let received: RawResponse? = {
            try await isStopping.wait()
            guard let (listening, calling) = connections.withLock({ $0 }) else { return nil }
            let end = try #require(try await listening.event())
            #expect(try end.json["result"]?["resultType"] == "complete")
            #expect(try await listening.chunk() == nil, "the stream ends properly")
            gate.open()
            return try await calling.response()
        }()
        try await Serving.run(served) { server in
            let (listening, calling) = (try await server.connect(), try await server.connect())
            listening.send(
                server.modern("subscriptions/listen", ["notifications": ["toolsListChanged": true]])
            )
            _ = try await listening.head()
            #expect(try await listening.event()?.json["method"] == "notifications/subscriptions/acknowledged")
            calling.send(server.modern("tools/call", .call("wait"), name: "wait"))
            _ = await started.next()
            connections.withLock { $0 = (listening, calling) }
            isStopping.open()
        }
        let response = try #require(try await received)
        #expect(try JSONValue(parsing: response.text)["result"]?["content"]?[0]?["text"] == "waited")
    }

    @Test("Over HTTP+SSE the stream still carries the response, then ends")
    func stream() async throws {
        let (gate, started) = (Gate(), Mailbox())
        let kept = Mutex<RawConnection?>(nil)
        let isStopping = Gate()
        async let received: String? = {
            try await isStopping.wait()
            guard let stream = kept.withLock({ $0 }) else { return nil }
            gate.open()
            let response = try await stream.event()?.json["result"]?["content"]?[0]?["text"]?.string
            #expect(try await stream.chunk() == nil, "the stream ends properly")
            return response
        }()
        let change = { (options: inout HTTPServerOptions) in (options.kind, options.path) = (.sse, "/sse") }
        try await Serving.run(.sample(gate, started: started), change: change) { server in
            let stream = try await server.connect()
            stream.send(server.http("GET", "/sse", fields: ["Accept: text/event-stream"]))
            _ = try await stream.head()
            let place = try #require(try await stream.event()).data
            let params: JSONObject = ["protocolVersion": "2024-11-05", "capabilities": [:]]
            _ = try await server.send(server.http("POST", place, body: Serving.body("initialize", params)))
            _ = try await stream.event()
            let call = Serving.body("tools/call", .call("wait"), id: 2)
            _ = try await server.send(server.http("POST", place, body: call))
            _ = await started.next()
            kept.withLock { $0 = stream }
            isStopping.open()
        }
        #expect(try await received == "waited")
    }

    @Test("A port that is in use is reported with its address")
    func taken() async throws {
        try await Serving.run(.sample()) { server in
            let options = HTTPServerOptions(port: server.port)
            let failure = await #expect(throws: ListenFailure.self) {
                try await HTTPServerTransport(options, scheduler: FakeClock()).serve(
                    Server.sample().conversations(scheduler: FakeClock())
                )
            }
            #expect(failure?.port == server.port)
            #expect(failure.map { "\($0)".hasPrefix("cannot listen on 127.0.0.1:\(server.port): ") } == true)
        }
    }
}

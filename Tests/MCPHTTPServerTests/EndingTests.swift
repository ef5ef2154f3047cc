import JSON
import MCPHTTPServer
import MCPServer
import TestSupport
import Testing

@Suite("The end of a server over HTTP", .timeLimit(.minutes(1)))
struct EndingTests {
    @Test("Streams and sessions end, and what runs too long is cancelled")
    func ending() async throws {
        let (started, ended, cancelled) = (Mailbox(), Mailbox(), Mailbox())
        let clock = FakeClock()
        let gate = Gate()
        var stream: RawConnection?
        var waiting: RawConnection?
        async let advancing: Void = {
            try? await gate.wait()
            // Whoever still runs when the time is over is cancelled.
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

    @Test("A port that is taken is told with its address")
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
